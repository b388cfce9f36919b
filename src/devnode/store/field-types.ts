import { StatusError } from '../../protocol/error/status-error.ts';
import { illegalArgument } from '../../protocol/rest/refusals.ts';
import { DEFAULT_DATE_FORMAT, parseDate } from './dates.ts';

/** How a field is searched: as words, as a whole text, as a number of some kind. `stored` fields are kept in the source and not searched. */
export type FieldKind = 'text' | 'keyword' | 'long' | 'double' | 'boolean' | 'date' | 'stored';

/** A value of a field as it is compared: a date is its milliseconds, true is 1. */
export type FieldValue = string | number;

type IntegerRange = readonly [name: string, least: number, most: number];

const LONG: IntegerRange = ['long', -(2 ** 63), 2 ** 63];

const INTEGERS: Readonly<Record<string, IntegerRange>> = {
  byte: ['byte', -128, 127],
  short: ['short', -32_768, 32_767],
  integer: ['int', -2_147_483_648, 2_147_483_647],
  long: LONG,
  unsigned_long: ['unsigned_long', 0, 2 ** 64],
};

const KINDS: Readonly<Record<string, FieldKind>> = {
  text: 'text',
  match_only_text: 'text',
  keyword: 'keyword',
  constant_keyword: 'keyword',
  wildcard: 'keyword',
  ...Object.fromEntries(Object.keys(INTEGERS).map((name) => [name, 'long'])),
  double: 'double',
  float: 'double',
  half_float: 'double',
  scaled_float: 'double',
  boolean: 'boolean',
  date: 'date',
  date_nanos: 'date',
};

/** Types of OpenSearch whose values the development node keeps but does not search. */
const STORED: ReadonlySet<string> = new Set(
  `alias binary completion date_range double_range flat_object float_range geo_point geo_shape integer_range ip ip_range join knn_vector long_range
  percolator rank_feature rank_features search_as_you_type semantic token_count version xy_point xy_shape`.split(/\s+/),
);

/** Returns how fields of a type are searched; undefined for a type that OpenSearch does not have. */
export function kindOf(type: string): FieldKind | undefined {
  return Object.hasOwn(KINDS, type) ? KINDS[type] : STORED.has(type) ? 'stored' : undefined;
}

/** A field of a mapping that holds values. */
export interface Field {
  /** Dots between the names: `author.name.keyword`. */
  readonly path: string;
  /** The type as the mapping names it. */
  readonly type: string;
  readonly kind: FieldKind;
  /** Longest keyword that is indexed, in characters. @default unlimited */
  readonly ignoreAbove: number;
  /** Format of a date. */
  readonly format: string;
  /** Name of the analyzer of a text. */
  readonly analyzer: string;
  /** What stands for null; undefined leaves it out. */
  readonly nullValue: unknown;
}

/** A field by path and type; everything else as a mapping without parameters has it. */
export function newField(path: string, type: string, parameters: Readonly<Record<string, unknown>> = {}): Field {
  const { ignore_above: ignoreAbove, format, analyzer, null_value: nullValue } = parameters;
  return {
    path,
    type,
    kind: kindOf(type) ?? 'stored',
    ignoreAbove: typeof ignoreAbove === 'number' ? ignoreAbove : Number.POSITIVE_INFINITY,
    format: typeof format === 'string' ? format : DEFAULT_DATE_FORMAT,
    analyzer: typeof analyzer === 'string' ? analyzer : 'standard',
    nullValue: nullValue ?? undefined,
  };
}

/**
 * Returns a value of a document, or of a query, as a field compares it.
 *
 * @throws StatusError the cause of a node's refusal
 */
export function toFieldValue(field: Field, value: unknown): FieldValue {
  switch (field.kind) {
    case 'long':
    case 'double':
      return numberOf(field, value);
    case 'boolean':
      return booleanOf(value);
    case 'date':
      return parseDate(typeof value === 'number' ? value : String(value), field.format);
    default:
      return String(value);
  }
}

function numberOf({ type, kind }: Field, value: unknown): number {
  if (typeof value === 'boolean')
    throw coercionFailure(`Current token (VALUE_${String(value).toUpperCase()}) not numeric, cannot use numeric value accessors`);
  const number = typeof value === 'string' ? numberFrom(value, kind === 'double') : Number(value);
  if (kind !== 'long') {
    if (!Number.isFinite(number)) throw illegalArgument(`[${type}] supports only finite values, but got [${number}]`);
    return type === 'float' ? Math.fround(number) : number;
  }
  const [name, least, most] = INTEGERS[type] ?? LONG;
  const whole = Math.trunc(number);
  if (whole < least || whole > most) {
    if (typeof value === 'string' || type === 'byte' || type === 'short')
      throw illegalArgument(`Value [${String(value)}] is out of range for ${type === 'integer' ? 'an integer' : `a ${type}`}`);
    const why = `Numeric value (${value as number}) out of range of \`${name}\` (${least} - ${most})`;
    throw coercionFailure(why);
  }
  return whole;
}

function numberFrom(text: string, isDouble: boolean): number {
  if (isDouble && /^(?:NaN|[+-]?Infinity)$/.test(text)) return Number(text);
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isNaN(number)) throw illegalArgument(text === '' ? 'empty String' : `For input string: "${text}"`);
  return number;
}

function coercionFailure(why: string): StatusError {
  return new StatusError(500, 'input_coercion_exception', why, { cause: new StatusError(500, 'input_coercion_exception', why) });
}

function booleanOf(value: unknown): number {
  if (value === true || value === 'true') return 1;
  if (value === false || value === 'false' || value === '') return 0;
  if (typeof value === 'number') throw coercionFailure('Current token (VALUE_NUMBER_INT) not of boolean type');
  throw illegalArgument(`Failed to parse value [${String(value)}] as only [true] or [false] are allowed.`);
}
