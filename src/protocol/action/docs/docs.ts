export { bulk } from './bulk.ts';
export { deleteDocument as delete } from './delete-document.ts';
export { get } from './get.ts';
export { indexDocument as index } from './index-document.ts';
export { updateDocument as update } from './update-document.ts';
