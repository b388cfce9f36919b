import { UsageError } from '../error/transport-error.ts';
import { MAX_GENERIC_DEPTH } from '../wire/limits.ts';
import { setKey } from './combinators.ts';
import type { GenericValue } from './generic-kinds.ts';

const MAX_INT = 0x7fff_ffff;

/**
 * The generic value OpenSearch would make of a JavaScript value.
 *
 * Integers become `int`, or `long` beyond 32 bits; other numbers and −0 `double`; bigints `long`, or `bigInteger` beyond 64 bits; `Date` a
 * date; `Uint8Array` bytes; other typed arrays arrays of their kind; `Set`, `Map` and plain objects their ordered kinds. `undefined` is null,
 * and a property that is undefined is left out.
 *
 * @throws ERR_USAGE for functions, symbols, and nesting beyond 1000 levels (so for cycles too)
 */
export function toGeneric(value: unknown): GenericValue {
  return generic(value, 0);
}

function generic(value: unknown, depth: number): GenericValue {
  switch (typeof value) {
    case 'string':
      return { t: 'string', v: value };
    case 'boolean':
      return { t: 'boolean', v: value };
    case 'number':
      return numeric(value);
    case 'bigint':
      return BigInt.asIntN(64, value) === value ? { t: 'long', v: value } : { t: 'bigInteger', v: value };
    case 'undefined':
      return { t: 'null', v: null };
    case 'object':
      return value === null ? { t: 'null', v: null } : fromObject(value, depth + 1);
    default:
      throw new UsageError('ERR_USAGE', {}, `a ${typeof value} cannot be a generic value`);
  }
}

function numeric(value: number): GenericValue {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return { t: 'double', v: value };
  return { t: value >= -MAX_INT - 1 && value <= MAX_INT ? 'int' : 'long', v: value };
}

function fromObject(value: object, depth: number): GenericValue {
  if (depth > MAX_GENERIC_DEPTH)
    throw new UsageError('ERR_USAGE', {}, `value nested deeper than ${MAX_GENERIC_DEPTH}, or it contains itself`);
  if (Array.isArray(value)) return { t: 'list', v: value.map((item) => generic(item, depth)) };
  if (value instanceof Date) return { t: 'date', v: value.getTime() };
  if (value instanceof Set) return { t: 'orderedSet', v: [...value].map((item) => generic(item, depth)) };
  if (ArrayBuffer.isView(value)) return typedArray(value);
  const entries = value instanceof Map ? [...value] : Object.entries(value).filter(([, item]) => item !== undefined);
  return { t: 'orderedMap', v: entries.map(([key, item]) => [String(key), generic(item, depth)]) };
}

function typedArray(value: ArrayBufferView): GenericValue {
  if (value instanceof Uint8Array) return { t: 'bytes', v: value };
  if (value instanceof Int32Array) return { t: 'ints', v: [...value] };
  if (value instanceof BigInt64Array) return { t: 'longs', v: [...value] };
  if (value instanceof Float32Array) return { t: 'floats', v: [...value] };
  if (value instanceof Float64Array) return { t: 'doubles', v: [...value] };
  throw new UsageError('ERR_USAGE', {}, `a ${value.constructor.name} cannot be a generic value`);
}

/**
 * The plain JavaScript value of a generic value: numbers (bigint beyond 2⁵³ and for big integers), strings, booleans, null, arrays (sets too),
 * objects for maps, `Date` for dates and times (their zone is lost), bytes, `{ lat, lon }`, `{ sum, count }`.
 *
 * @memory bytes are those of the generic value
 */
export function fromGeneric(value: GenericValue): unknown {
  switch (value.t) {
    case 'list':
    case 'array':
    case 'orderedSet':
    case 'set':
      return value.v.map(fromGeneric);
    case 'orderedMap':
    case 'map': {
      const out: Record<string, unknown> = {};
      for (const [key, item] of value.v) setKey(out, key, fromGeneric(item));
      return out;
    }
    case 'date':
      return new Date(Number(value.v));
    case 'zonedDateTime':
    case 'jodaDateTime':
      return new Date(Number(value.epochMillis));
    case 'geoPoint':
      return { lat: value.lat, lon: value.lon };
    case 'scriptedAvg':
      return { sum: value.sum, count: value.count };
    default:
      return value.v;
  }
}
