import type { VersionId } from '../wire/version.ts';

/**
 * What a codec reads and writes, as data: JSON forms, generated values, documentation and decoded offsets are made from it.
 *
 * - scalars (`int`, `string`, …) have their JSON value as form; `long*` kinds answer decimal strings; `bytes` answers lower-case hex
 * - `enum` is one of `values` · `list`, `map`, `optional` hold `of` · `struct` holds `fields`
 * - `gate` is on the stream only in part of the versions · `lazy` breaks recursion
 * - `custom` is a hand-written codec whose value is its JSON form already, unless `toForm` and `fromForm` convert it
 */
export type Schema =
  | ScalarSchema
  | { readonly kind: 'bytes'; readonly name: string }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'enumSet'; readonly values: readonly string[] }
  | { readonly kind: 'list' | 'map' | 'mapOfLists' | 'optional'; readonly of: Schema }
  | StructSchema
  | GateSchema
  | { readonly kind: 'lazy'; readonly of: () => Schema }
  | CustomSchema;

/** Kinds of {@link ScalarSchema}. */
export type ScalarKind =
  | 'boolean'
  | 'optionalBoolean'
  | 'byte'
  | 'ubyte'
  | 'short'
  | 'int'
  | 'vInt'
  | 'float'
  | 'double'
  | 'string'
  | 'text'
  | 'secureString'
  | 'long'
  | 'vLong'
  | 'zLong'
  | 'version';

/** A primitive of the stream. `bits: 64` marks values that may be bigint. */
export interface ScalarSchema {
  readonly kind: ScalarKind;
  /** How a 64-bit integer shows in JavaScript: number, bigint, or whichever holds it. */
  readonly as?: 'number' | 'bigint' | 'either';
}

/** One field of a struct, in the order of the stream. */
export interface FieldSchema {
  readonly name: string;
  readonly schema: Schema;
  /** True when the field may be left out on the way in. */
  readonly sparse: boolean;
}

/** Named fields one after the other. */
export interface StructSchema {
  readonly kind: 'struct';
  readonly name?: string;
  readonly fields: readonly FieldSchema[];
}

/** Something that stands in the stream from one version on, or up to one. */
export interface GateSchema {
  readonly kind: 'gate';
  readonly since?: VersionId;
  readonly until?: VersionId;
  readonly of: Schema;
  /** The form on the other side of a `from` gate. */
  readonly older?: Schema;
}

/** A hand-written codec. */
export interface CustomSchema {
  readonly kind: 'custom';
  readonly name: string;
  /** Value to JSON form. @default the value itself */
  readonly toForm?: (value: never) => unknown;
  /** JSON form to value. @throws ERR_USAGE. @default the form itself */
  readonly fromForm?: (form: unknown) => unknown;
}
