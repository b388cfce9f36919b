export { createIndex as create } from './create-index.ts';
export { deleteIndex as delete } from './delete-index.ts';
export { refresh } from './refresh.ts';
