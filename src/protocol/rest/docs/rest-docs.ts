import type { RestAction } from '../rest-action.ts';
import { restBulk } from './bulk.ts';
import { restDelete } from './delete-document.ts';
import { restGet, restGetSource } from './get.ts';
import { restCreate, restIndex, restIndexAutoId } from './index-document.ts';
import { restUpdate } from './update-document.ts';

/** The REST forms of the family `docs`. */
export const restDocs: readonly RestAction[] = [
  restGet,
  restGetSource,
  restIndex,
  restIndexAutoId,
  restCreate,
  restDelete,
  restUpdate,
  restBulk,
];
