import { byteEnumeration, withDefault } from '../../codec/combinators.ts';
import { anyLong, anyVLong, anyZLong } from '../../codec/primitives.ts';

/** Matches a document of any version. */
const MATCH_ANY = -3;
/** Sequence number of an operation that has none. */
export const UNASSIGNED_SEQ_NO = -2;
/** Primary term of an operation that has none. */
export const UNASSIGNED_PRIMARY_TERM = 0;

/** Version types, by number. */
export const VERSION_TYPES = ['INTERNAL', 'EXTERNAL', 'EXTERNAL_GTE'] as const satisfies readonly VersionType[];

/** Who counts the versions of a document: the index (`INTERNAL`), or a system outside, whose version must be greater (`EXTERNAL`) or not less. */
export type VersionType = 'INTERNAL' | 'EXTERNAL' | 'EXTERNAL_GTE';

/** `u8` version type. @default INTERNAL. @see wire-format.md §11.1 */
export const versionType = withDefault(byteEnumeration('version type', VERSION_TYPES), 'INTERNAL');

/** A condition of a write: that the document has not changed since it was read. */
export interface WriteCondition {
  /** The write fails with status 409 unless the last change of the document has this sequence number. Default: −2, which means no condition. */
  readonly ifSeqNo: number | bigint;
  /** The primary term that goes with `ifSeqNo`. Default: 0, which means no condition. */
  readonly ifPrimaryTerm: number | bigint;
}

/** `i64` version that the document must have. @default any */
export const wantedVersion = withDefault(anyLong, MATCH_ANY);

/** `zLong` sequence number, `vLong` primary term. @default none */
export const writeCondition = {
  ifSeqNo: withDefault(anyZLong, UNASSIGNED_SEQ_NO),
  ifPrimaryTerm: withDefault(anyVLong, UNASSIGNED_PRIMARY_TERM),
};
