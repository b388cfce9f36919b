export { restBulk } from './bulk.ts';
export { restDelete } from './delete-document.ts';
export { restGet, restGetSource } from './get.ts';
export { restCreate, restIndex, restIndexAutoId } from './index-document.ts';
export { restUpdate } from './update-document.ts';
