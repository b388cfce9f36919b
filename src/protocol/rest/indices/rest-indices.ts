import type { RestAction } from '../rest-action.ts';
import { restCreateIndex } from './create-index.ts';
import { restDeleteIndex } from './delete-index.ts';
import { restRefresh } from './refresh.ts';

/** The REST forms of the family `indices`. */
export const restIndices: readonly RestAction[] = [restCreateIndex, restDeleteIndex, restRefresh];
