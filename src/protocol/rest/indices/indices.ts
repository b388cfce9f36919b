export { restCreateIndex } from './create-index.ts';
export { restDeleteIndex } from './delete-index.ts';
export { restRefresh } from './refresh.ts';
