import type { Codec, InOf, OutOf } from '../../codec/codec.ts';
import { list, map, struct, withDefault } from '../../codec/combinators.ts';
import { genericValue } from '../../codec/generic-value.ts';
import { anyLong, anyVLong, anyZLong, boolean, bytes, string } from '../../codec/primitives.ts';
import type { StructSchema } from '../../codec/schema.ts';
import { type DocumentSource, documentSource } from './document-source.ts';
import { UNASSIGNED_PRIMARY_TERM, UNASSIGNED_SEQ_NO } from './version-type.ts';

/** Version of a document that is not there. */
const NOT_FOUND = -1;

/** `list` of { `str` name, `list` generic value }: seen as a map from name to values. */
const documentFields = withDefault(map(list(genericValue)), {});

/** Empty bytes stand for no source. */
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

/** A document that was asked for. `source` may be DFL-compressed. */
export type GetResult = OutOf<typeof head> & OutOf<typeof document>;

/** A document that answers a request. */
export type GetResultInit = InOf<typeof head> & InOf<typeof document>;

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
