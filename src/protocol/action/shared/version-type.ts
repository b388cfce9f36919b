import { byteEnumeration, withDefault } from '../../codec/combinators.ts';
import { anyLong, anyVLong, anyZLong } from '../../codec/primitives.ts';

/** Version that matches any document. */
const MATCH_ANY = -3;
/** Sequence number of an operation that has none. */
export const UNASSIGNED_SEQ_NO = -2;
/** Primary term of an operation that has none. */
export const UNASSIGNED_PRIMARY_TERM = 0;

/** How versions of documents are compared. */
export const VERSION_TYPES = ['INTERNAL', 'EXTERNAL', 'EXTERNAL_GTE'] as const;

/** One of {@link VERSION_TYPES}. */
export type VersionType = (typeof VERSION_TYPES)[number];

/** `u8` version type. @default INTERNAL. @see wire-format.md §11.1 */
export const versionType = withDefault(byteEnumeration('version type', VERSION_TYPES), 'INTERNAL');

/** `i64` version of a document that is asked for. @default any */
export const wantedVersion = withDefault(anyLong, MATCH_ANY);

/** The sequence number and term a write is made on condition of: `zLong`, `vLong`. @default none */
export const writeCondition = {
  ifSeqNo: withDefault(anyZLong, UNASSIGNED_SEQ_NO),
  ifPrimaryTerm: withDefault(anyVLong, UNASSIGNED_PRIMARY_TERM),
};
