import { struct } from '../codec/combinators.ts';
import { bytes } from '../codec/primitives.ts';
import { StatusError } from '../error/status-error.ts';
import { type QueryFields, type QueryFieldsInit, commonFields } from './common-fields.ts';
import type { QueryDefinition } from './define-query.ts';
import { illegalArgument, parsingFailure } from './refusals.ts';
import type { RestObject } from './rest-value.ts';

/** A query as JSON text: the node that searches parses it. Queries without a codec of their own travel in one. */
export interface WrapperQuery extends QueryFields {
  readonly kind: 'wrapper';
  /** JSON text of the query. @memory owned */
  readonly source: Buffer;
}

/** A query as JSON text: the node that searches parses it. */
export interface WrapperQueryInit extends QueryFieldsInit {
  readonly kind: 'wrapper';
  /** JSON text of the query. @memory given */
  readonly source: Uint8Array;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * `f32` boost, `opt str` name of the query, bytes reference: JSON text.
 *
 * @memory `source` is owned
 * @see wire-format.md §11.8, `WrapperQueryBuilder` of OpenSearch
 */
export const wrapper: QueryDefinition<WrapperQuery, WrapperQueryInit> = {
  name: 'wrapper',
  codec: () => struct({ ...commonFields, source: bytes }, 'WrapperQuery'),
  fromRest: wrapperFrom,
  // A node shows neither boost nor name: its own parser would refuse them.
  toRest: ({ source }) => ({ query: source.toString('base64') }),
};

function wrapperFrom(body: RestObject): WrapperQueryInit {
  const [name, ...more] = Object.keys(body);
  if (name === undefined) throw parsingFailure('[wrapper] query malformed');
  if (name !== 'query') throw parsingFailure(`[wrapper] query malformed, expected \`query\` but was ${name}`);
  const text = body[name];
  if (typeof text !== 'string' || !BASE64.test(text)) throw new StatusError(400, 'json_parse_exception', 'query: expected base64 text');
  if (text === '') throw illegalArgument('query source text cannot be null or empty');
  if (more.length > 0) throw parsingFailure('[wrapper] malformed query, expected [END_OBJECT] but found [FIELD_NAME]');
  return { kind: 'wrapper', source: Buffer.from(text, 'base64') };
}
