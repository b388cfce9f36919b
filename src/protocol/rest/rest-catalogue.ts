import { restHealth } from './cluster/health.ts';
import { restMain } from './cluster/main.ts';
import { restBulk } from './docs/bulk.ts';
import { restDelete } from './docs/delete-document.ts';
import { restGet } from './docs/get.ts';
import { restGetSource } from './docs/get-source.ts';
import { restCreate, restIndex, restIndexAutoId } from './docs/index-document.ts';
import { restUpdate } from './docs/update-document.ts';
import { restCreateIndex } from './indices/create-index.ts';
import { restDeleteIndex } from './indices/delete-index.ts';
import { restRefresh } from './indices/refresh.ts';
import type { AnyRestAction } from './rest-action.ts';

/** Every action that has a REST form here. */
export const restActions: readonly AnyRestAction[] = Object.freeze([
  restMain,
  restHealth,
  restGet,
  restGetSource,
  restIndex,
  restIndexAutoId,
  restCreate,
  restDelete,
  restUpdate,
  restBulk,
  restRefresh,
  restCreateIndex,
  restDeleteIndex,
]);
