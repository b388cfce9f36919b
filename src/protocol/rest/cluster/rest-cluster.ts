import type { RestAction } from '../rest-action.ts';
import { restHealth } from './health.ts';
import { restMain } from './main.ts';

/** The REST forms of the family `cluster`. */
export const restCluster: readonly RestAction[] = [restMain, restHealth];
