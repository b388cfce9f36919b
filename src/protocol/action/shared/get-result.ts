import type { Codec, OutOf } from '../../codec/codec.ts';
import { list, map, struct, withDefault } from '../../codec/combinators.ts';
import type { GenericValue } from '../../codec/generic-kinds.ts';
import { genericValue } from '../../codec/generic-value.ts';
import { anyLong, anyVLong, anyZLong, boolean, bytes, string } from '../../codec/primitives.ts';
import type { StructSchema } from '../../codec/schema.ts';
import type { InitOf } from '../../codec/typed.ts';
import { type DocumentSource, documentSource } from './document-source.ts';
import { UNASSIGNED_PRIMARY_TERM, UNASSIGNED_SEQ_NO } from './version-type.ts';

/** Values of stored or metadata fields, by the name of the field. */
export type DocumentFields = Record<string, GenericValue[]>;

/** A document, or the news that it does not exist. */
export interface GetResult {
  /** Name of the index, where an alias or a data stream was asked for, too. */
  readonly index: string;
  readonly id: string;
  /** Sequence number of the last change: for `ifSeqNo`. −2 if the document does not exist. @see {@link DocWriteResponse.seqNo} */
  readonly seqNo: number | bigint;
  /** Primary term of the last change: for `ifPrimaryTerm`. 0 if the document does not exist. */
  readonly primaryTerm: number | bigint;
  /** Counts the changes of the document; −1 if it does not exist. A bigint beyond 2⁵³ only: see {@link DocWriteResponse.version}. */
  readonly version: number | bigint;
  /** False if there is no such document; `index` and `id` are then those of the request. */
  readonly exists: boolean;
  /**
   * The bytes that were indexed, in their content type: JSON unless another one was indexed. Null if the document does not exist or the source was
   * not asked for. They may be DFL-compressed. `sourceOf(result)` parses them.
   *
   * @memory owned
   */
  readonly source: Buffer | null;
  /** Stored fields that were asked for. */
  readonly documentFields: DocumentFields;
  /** Metadata fields, such as `_routing`. */
  readonly metadataFields: DocumentFields;
}

/** A {@link GetResult} to send. */
export interface GetResultInit
  extends InitOf<
    GetResult,
    'index' | 'id' | 'exists',
    {
      readonly source: DocumentSource | null;
      readonly documentFields: Readonly<Record<string, readonly GenericValue[]>>;
      readonly metadataFields: Readonly<Record<string, readonly GenericValue[]>>;
    }
  > {}

/** Version of a document that does not exist. */
const NOT_FOUND = -1;

/** `list` of { `str` name, `list` generic value }, read as a map from name to values. */
const documentFields = withDefault(map(list(genericValue)), {});

/** A bytes reference; empty bytes mean no source. */
const optionalSource: Codec<Buffer | null, DocumentSource | null | undefined> = {
  schema: { kind: 'optional', of: bytes.schema },
  canOmit: true,
  read: (input) => {
    const source = bytes.read(input);
    return source.length === 0 ? null : source;
  },
  write: (output, source) => documentSource.write(output, source ?? ''),
};

const head = struct({
  index: string,
  id: string,
  seqNo: withDefault(anyZLong, UNASSIGNED_SEQ_NO),
  primaryTerm: withDefault(anyVLong, UNASSIGNED_PRIMARY_TERM),
  version: withDefault(anyLong, NOT_FOUND),
  exists: boolean,
});

const document = struct({ source: optionalSource, documentFields, metadataFields: documentFields });

const NO_DOCUMENT: OutOf<typeof document> = Object.freeze({ source: null, documentFields: {}, metadataFields: {} });

const fieldsOf = (codec: { readonly schema: unknown }) => (codec.schema as StructSchema).fields;

/**
 * `str` index, `str` id, `zLong` seqNo, `vLong` primary term, `i64` version, `bool` exists; if it exists: bytes reference source (empty for
 * none), `list` document fields, `list` metadata fields.
 *
 * @memory `source` is owned
 * @see wire-format.md §11.5
 */
export const getResult: Codec<GetResult, GetResultInit> = {
  schema: {
    kind: 'struct',
    name: 'GetResult',
    fields: [...fieldsOf(head), ...fieldsOf(document).map((field) => ({ ...field, canOmit: true }))],
  },
  // hot: action/decode/get. Written out: spreading costs more than all the reading.
  read: (input) => {
    const { index, id, seqNo, primaryTerm, version, exists } = head.read(input);
    const { source, documentFields: fields, metadataFields } = exists ? document.read(input) : NO_DOCUMENT;
    return { index, id, seqNo, primaryTerm, version, exists, source, documentFields: fields, metadataFields };
  },
  write: (output, value) => {
    head.write(output, value);
    if (value.exists) document.write(output, value);
  },
};
