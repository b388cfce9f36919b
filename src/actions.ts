export { catalogue, findAction, shortNameOf } from './protocol/action/catalogue.ts';
export * from './protocol/action/families.ts';
export type * from './protocol/action/shared/shared-types.ts';
