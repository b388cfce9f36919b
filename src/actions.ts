export { catalogue, findAction, shortNameOf } from './protocol/action/catalogue.ts';
export type { Action, AnyAction, Purpose } from './protocol/action/define-action.ts';
export * from './protocol/action/families.ts';
export type * from './protocol/action/shared/shared-types.ts';
export type { Codec } from './protocol/codec/codec.ts';
export type { Schema } from './protocol/codec/schema.ts';
