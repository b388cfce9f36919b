import type { Codec } from '../codec/codec.ts';
import { mapped, struct, withDefault } from '../codec/combinators.ts';
import type { GenericValue } from '../codec/generic-kinds.ts';
import { genericValue } from '../codec/generic-value.ts';
import { boolean, string } from '../codec/primitives.ts';
import { UsageError } from '../error/transport-error.ts';
import { boostFrom, type QueryFields, type QueryFieldsInit, commonFields, commonRest } from './common-fields.ts';
import type { QueryDefinition } from './define-query.ts';
import { illegalArgument, parsingFailure } from './refusals.ts';
import { booleanFrom, isRestObject, type RestObject, type RestValue, shortestFloat, textFrom, tokenOf } from './rest-value.ts';

/** Matches documents that have exactly this value in a field. */
export interface TermQuery extends QueryFields {
  readonly kind: 'term';
  readonly fieldName: string;
  /** Text is a `bytesRef`, as nodes send it. */
  readonly value: GenericValue;
  readonly caseInsensitive: boolean;
}

/** Matches documents that have exactly this value in a field. */
export interface TermQueryInit extends QueryFieldsInit {
  readonly kind: 'term';
  readonly fieldName: string;
  /** Not null. A plain value is sent as the kind that a node would make of it in a REST body. */
  readonly value: GenericValue | string | number | bigint | boolean;
  /** @default false */
  readonly caseInsensitive?: boolean | undefined;
}

const termValue: Codec<GenericValue, TermQueryInit['value']> = mapped(genericValue, (value) => value, toTermValue);

/**
 * `f32` boost, `opt str` name of the query, `str` field, generic value, `bool` case insensitive.
 *
 * @see wire-format.md §11.8, `TermQueryBuilder` and `BaseTermQueryBuilder` of OpenSearch
 */
export const term: QueryDefinition<TermQuery, TermQueryInit> = {
  name: 'term',
  codec: () => struct({ ...commonFields, fieldName: string, value: termValue, caseInsensitive: withDefault(boolean, false) }, 'TermQuery'),
  fromRest: termFrom,
  toRest: (query) => ({
    [query.fieldName]: {
      value: restValueOf(query.value),
      ...(query.caseInsensitive ? { case_insensitive: true } : {}),
      ...commonRest(query),
    },
  }),
};

/** The kind a node makes of a plain value: text and integers beyond 64 bits become a `bytesRef`. */
function toTermValue(value: TermQueryInit['value']): GenericValue {
  switch (typeof value) {
    case 'string':
      return { t: 'bytesRef', v: Buffer.from(value, 'utf8') };
    case 'boolean':
      return { t: 'boolean', v: value };
    case 'bigint':
      return BigInt.asIntN(64, value) === value ? integer(value) : { t: 'bytesRef', v: Buffer.from(String(value)) };
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? integer(value) : { t: 'double', v: value };
    default:
      if (value === null || value === undefined || value.t === 'null') throw new UsageError('ERR_USAGE', {}, 'value cannot be null');
      return value;
  }
}

function integer(value: number | bigint): GenericValue {
  const isInt = value >= -0x8000_0000 && value <= 0x7fff_ffff;
  return isInt ? { t: 'int', v: Number(value) } : { t: 'long', v: value };
}

/** @throws ERR_USAGE for kinds of values that no REST form of a term makes */
function restValueOf(value: GenericValue): RestValue {
  switch (value.t) {
    case 'bytesRef':
      return Buffer.from(value.v.buffer, value.v.byteOffset, value.v.length).toString('utf8');
    case 'float':
      return shortestFloat(value.v);
    case 'string':
    case 'text':
    case 'boolean':
    case 'byte':
    case 'short':
    case 'int':
    case 'long':
    case 'double':
    case 'bigInteger':
      return value.v;
    default:
      throw new UsageError('ERR_USAGE', {}, `a term has no REST form for a value of kind ${value.t}`);
  }
}

function termFrom(body: RestObject): TermQueryInit {
  let fieldName: string | undefined;
  let fields: Omit<TermQueryInit, 'kind' | 'fieldName'> | undefined;
  for (const [name, value] of Object.entries(body)) {
    const token = tokenOf(value);
    if (token === 'START_ARRAY') throw arrayOfValues();
    if (token === 'VALUE_NULL') continue;
    if (fieldName !== undefined) throw parsingFailure(`[term] query doesn't support multiple fields, found [${fieldName}] and [${name}]`);
    fieldName = name;
    fields = isRestObject(value) ? fieldsFrom(value) : { value: value as string };
  }
  if (fieldName === undefined || fieldName === '' || fields === undefined) throw illegalArgument('field name is null or empty');
  if (fields.value === undefined || fields.value === null) throw illegalArgument('value cannot be null');
  return { kind: 'term', fieldName, ...fields };
}

function fieldsFrom(body: RestObject): Omit<TermQueryInit, 'kind' | 'fieldName'> {
  const fields: { -readonly [K in keyof TermQueryInit]?: TermQueryInit[K] } = {};
  for (const [name, value] of Object.entries(body)) {
    if (name === 'value' || name === 'term') fields.value = plainValue(value);
    else if (name === '_name') fields.queryName = textFrom(value);
    else if (name === 'boost') fields.boost = boostFrom('term', value);
    else if (name === 'case_insensitive') fields.caseInsensitive = booleanFrom(value);
    else throw notSupported(name);
  }
  return fields as Omit<TermQueryInit, 'kind' | 'fieldName'>;
}

/** A node takes an array here for the text `]`; we refuse it as it refuses one in the place of the field. */
function plainValue(value: RestValue): TermQueryInit['value'] {
  if (isRestObject(value)) throw notSupported(Object.keys(value)[0] ?? 'value');
  if (Array.isArray(value)) throw arrayOfValues();
  return value as string;
}

function notSupported(name: string): Error {
  return parsingFailure(`[term] query does not support [${name}]`);
}

function arrayOfValues(): Error {
  return parsingFailure('[term] query does not support array of values');
}
