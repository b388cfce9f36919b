import { coercionFailure, illegalArgument } from './refusals.ts';
import { StatusError } from '../error/status-error.ts';

/** A value of a REST body, as `JSON.parse` returns it; integers may also be bigint. */
export type RestValue = null | boolean | number | bigint | string | readonly RestValue[] | RestObject;

/** An object of a REST body. */
export interface RestObject {
  readonly [name: string]: RestValue;
}

/** What OpenSearch's parser calls the beginning of a value. */
export type Token = 'START_OBJECT' | 'START_ARRAY' | 'VALUE_STRING' | 'VALUE_NUMBER' | 'VALUE_BOOLEAN' | 'VALUE_NULL';

/** Returns what OpenSearch's parser calls the beginning of a value. */
export function tokenOf(value: RestValue): Token {
  if (value === null || value === undefined) return 'VALUE_NULL';
  if (Array.isArray(value)) return 'START_ARRAY';
  if (typeof value === 'object') return 'START_OBJECT';
  if (typeof value === 'string') return 'VALUE_STRING';
  return typeof value === 'boolean' ? 'VALUE_BOOLEAN' : 'VALUE_NUMBER';
}

/** True for an object of a REST body. */
export function isRestObject(value: RestValue): value is RestObject {
  return tokenOf(value) === 'START_OBJECT';
}

/** Returns a boolean given as one or as text. @throws StatusError 400 */
export function booleanFrom(value: RestValue): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') throw coercionFailure(`Current token (${jsonToken(value)}) not of boolean type`);
  if (value === 'true' || value === 'false') return value === 'true';
  throw illegalArgument(`Failed to parse value [${value}] as only [true] or [false] are allowed.`);
}

const DECIMAL = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?[fd]?\s*$/i;

/** Returns a number given as one or as text. @throws StatusError 400 */
export function floatFrom(value: RestValue): number {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') {
    throw coercionFailure(`Current token (${jsonToken(value)}) not numeric, cannot use numeric value accessors`);
  }
  if (!DECIMAL.test(value)) throw new StatusError(400, 'number_format_exception', `For input string: "${value}"`);
  return Number(value.replace(/[fd]\s*$/i, ''));
}

/** Returns the text of a string, a number or a boolean. @throws StatusError 500 for null, as OpenSearch does */
export function textFrom(value: RestValue): string {
  if (value === null || typeof value === 'object')
    throw new StatusError(500, 'illegal_state_exception', `Can't get text on a ${tokenOf(value)}`);
  return String(value);
}

function jsonToken(value: RestValue): string {
  if (typeof value === 'boolean') return value ? 'VALUE_TRUE' : 'VALUE_FALSE';
  if (typeof value === 'bigint' || Number.isInteger(value)) return 'VALUE_NUMBER_INT';
  return typeof value === 'number' ? 'VALUE_NUMBER_FLOAT' : tokenOf(value);
}

/** Deepest nesting of JSON that the parser of a node takes. @see `XContentConstraints` of OpenSearch */
const MAX_JSON_DEPTH = 1000;

/** Returns the JSON text of a value. @throws StatusError 400 if it nests too deep for a node, as a value that holds itself does */
export function jsonText(value: RestValue, depth: number = 1): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (depth > MAX_JSON_DEPTH) throw illegalArgument(`query nested deeper than ${MAX_JSON_DEPTH}`);
  if (Array.isArray(value)) return `[${value.map((item: RestValue) => jsonText(item, depth + 1)).join(',')}]`;
  return `{${Object.entries(value)
    .map(([name, item]) => `${JSON.stringify(name)}:${jsonText(item, depth + 1)}`)
    .join(',')}}`;
}

/** Returns the shortest decimal number that is the same 32-bit float: 1.1 for 1.100000023841858. */
export function shortestFloat(value: number): number {
  for (let digits = 1; digits <= 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return shorter;
  }
  return value;
}
