import type { GetResult } from '../action/shared/get-result.ts';
import { UNASSIGNED_SEQ_NO } from '../action/shared/version-type.ts';
import { fromGeneric } from '../codec/generic-natural.ts';
import type { GenericValue } from '../codec/generic-kinds.ts';
import { type Json, type JsonObject, toJson } from './json.ts';
import { sourceJson } from './source-json.ts';

/** The only metadata field that is always shown as a list. */
const IGNORED = '_ignored';

/**
 * Returns a document as it is shown inside other answers: without index, id and version.
 *
 * @see `GetResult.toXContentEmbedded` of OpenSearch
 */
export function embeddedJson({ seqNo, primaryTerm, exists, source, documentFields, metadataFields }: GetResult): JsonObject {
  const isNumbered = seqNo !== UNASSIGNED_SEQ_NO;
  return {
    _seq_no: isNumbered ? seqNo : undefined,
    _primary_term: isNumbered ? primaryTerm : undefined,
    ...metadataJson(metadataFields),
    found: exists,
    _source: source === null ? undefined : sourceJson(source),
    fields: Object.keys(documentFields).length === 0 ? undefined : valuesJson(documentFields),
  };
}

type Fields = Readonly<Record<string, readonly GenericValue[]>>;

const plain = (value: GenericValue): Json => toJson(fromGeneric(value));

function valuesJson(fields: Fields): JsonObject {
  return Object.fromEntries(Object.entries(fields).map(([name, values]) => [name, values.map(plain)]));
}

function metadataJson(fields: Fields): JsonObject {
  const entries = Object.entries(fields).map(([name, values]): [string, Json] => [
    name,
    name === IGNORED ? values.map(plain) : values[0] === undefined ? null : plain(values[0]),
  ]);
  return Object.fromEntries(entries);
}
