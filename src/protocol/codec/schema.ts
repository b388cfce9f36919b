import type { VersionId } from '../wire/version.ts';

/**
 * The shape of what a codec reads and writes, as data: JSON forms, generated values, documentation and decoded offsets come from it.
 * Only {@link schemaFold} looks at `kind`; everything else is an algebra of that fold.
 *
 * - scalars (`int`, `string`, …) are their own JSON form; `long*` kinds become decimal strings, `bytes` lower-case hex
 * - `enum` is one of `values` · `list`, `map`, `optional` hold `of` · `struct` holds `fields` · `union` is one of its `cases`
 * - `gate` is in the stream of some versions only · `lazy` breaks recursion
 * - `custom` is a hand-written codec whose value is its JSON form already, unless `toForm` and `fromForm` convert it
 */
export type Schema =
  | ScalarSchema
  | BytesSchema
  | EnumSchema
  | EnumSetSchema
  | ListSchema
  | MapSchema
  | MapOfListsSchema
  | OptionalSchema
  | StructSchema
  | GateSchema
  | LazySchema
  | UnionSchema
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

/** A primitive of the stream. */
export interface ScalarSchema {
  readonly kind: ScalarKind;
  /** JavaScript type of a 64-bit integer: number, bigint, or whichever holds the value. */
  readonly as?: 'number' | 'bigint' | 'either';
  /** Least value of a number. @default the least of its kind */
  readonly min?: number;
}

/** Bytes; `name` says how they are delimited. */
export interface BytesSchema {
  readonly kind: 'bytes';
  readonly name: string;
  /** The number of bytes is a multiple of this. @default 1 */
  readonly multipleOf?: number;
}

/** One of `values`. */
export interface EnumSchema {
  readonly kind: 'enum';
  readonly values: readonly string[];
}

/** Several of `values`, each at most once. */
export interface EnumSetSchema {
  readonly kind: 'enumSet';
  readonly values: readonly string[];
}

/** Any number of values of one schema. */
export interface ListSchema {
  readonly kind: 'list';
  readonly of: Schema;
}

/** Values of one schema under string keys. */
export interface MapSchema {
  readonly kind: 'map';
  readonly of: Schema;
}

/** Lists of values of one schema under string keys. */
export interface MapOfListsSchema {
  readonly kind: 'mapOfLists';
  readonly of: Schema;
}

/** A value or null. */
export interface OptionalSchema {
  readonly kind: 'optional';
  readonly of: Schema;
}

/** One field of a struct, in the order of the stream. */
export interface FieldSchema {
  readonly name: string;
  readonly schema: Schema;
  /** True when the writer may leave the field out. */
  readonly canOmit: boolean;
}

/** Named fields, one after the other. */
export interface StructSchema {
  readonly kind: 'struct';
  readonly name?: string;
  readonly fields: readonly FieldSchema[];
}

/** A value that is in the stream from one version on, or up to one. */
export interface GateSchema {
  readonly kind: 'gate';
  readonly since?: VersionId;
  readonly until?: VersionId;
  readonly of: Schema;
  /** Schema of versions before `since`, for a `from` gate. */
  readonly older?: Schema;
}

/** A schema that is resolved at first use, for recursion. */
export interface LazySchema {
  readonly kind: 'lazy';
  readonly of: () => Schema;
}

/** How a union's tag stands in the stream. */
export type TagKind = 'byte' | 'vInt' | 'string';

/** One case of a union. */
export interface CaseSchema {
  readonly name: string;
  /** What stands in the stream for this case. */
  readonly tag: number | string;
  readonly schema: Schema;
  /** First stream version that knows the case. */
  readonly since?: VersionId;
  /** The case this is written as, for a case that a reader never returns. */
  readonly aliasOf?: string;
  /** The members that such a case sets, whatever is given. */
  readonly set?: Readonly<Record<string, unknown>>;
}

/** A tag, then the value of the case that the tag names. */
export interface UnionSchema {
  readonly kind: 'union';
  readonly name: string;
  /** How the tag stands in the stream. */
  readonly tag: TagKind;
  /** Member of the value that holds the name of its case; null when the value has one member, named as its case. */
  readonly discriminator: string | null;
  readonly cases: readonly CaseSchema[];
}

/** A hand-written codec. */
export interface CustomSchema {
  readonly kind: 'custom';
  readonly name: string;
  /** Converts a value to its JSON form. @default the value itself */
  readonly toForm?: (value: never) => unknown;
  /** Converts a JSON form to its value. @throws ERR_USAGE. @default the form itself */
  readonly fromForm?: (form: unknown) => unknown;
}
