import { StatusError } from '../../protocol/error/status-error.ts';
import { parseQueryDate } from '../store/dates.ts';
import type { Field, FieldValue } from '../store/field-types.ts';
import type { QueryContext } from './matcher.ts';

type Bounds = Readonly<Record<string, unknown>>;
type Test = (value: FieldValue) => boolean;

/** Returns whether a value lies between the bounds of a `range` query. @throws StatusError 400 for a bound that does not fit the field */
export function rangeTest(given: Bounds, field: Field, context: QueryContext): Test {
  const { from, to, include_lower: lower = true, include_upper: upper = true, ...rest } = given;
  const bounds = {
    ...rest,
    ...(from === undefined ? {} : { [lower === false ? 'gt' : 'gte']: from }),
    ...(to === undefined ? {} : { [upper === false ? 'lt' : 'lte']: to }),
  };
  if (field.kind === 'date') return dateRange(bounds, field, context);
  const convert = field.kind === 'keyword' || field.kind === 'text' ? String : (value: unknown) => boundOf(field, value);
  const tests: Test[] = [];
  const add = (name: string, compare: (value: FieldValue, bound: FieldValue) => boolean): void => {
    const value = bounds[name];
    if (value === undefined || value === null) return;
    const bound = convert(value);
    tests.push((each) => compare(each, bound));
  };
  add('gte', (value, bound) => value >= bound);
  add('gt', (value, bound) => value > bound);
  add('lte', (value, bound) => value <= bound);
  add('lt', (value, bound) => value < bound);
  return (value) => tests.every((test) => test(value));
}

/** The same for dates: `lte` and `gt` of a day mean its last millisecond. */
export function dateRange(bounds: Bounds, field: Field, { now }: QueryContext): Test {
  const format = typeof bounds['format'] === 'string' ? bounds['format'] : field.format;
  const at = (name: string, roundUp: boolean): number | undefined => {
    const value = bounds[name];
    return value === undefined || value === null ? undefined : parseQueryDate(value, format, roundUp, now);
  };
  const least = Math.max(at('gte', false) ?? Number.NEGATIVE_INFINITY, (at('gt', true) ?? Number.NEGATIVE_INFINITY) + 1);
  const most = Math.min(at('lte', true) ?? Number.POSITIVE_INFINITY, (at('lt', false) ?? Number.POSITIVE_INFINITY) - 1);
  return (value) => (value as number) >= least && (value as number) <= most;
}

function boundOf(field: Field, value: unknown): FieldValue {
  const number = typeof value === 'boolean' ? Number(value) : field.kind === 'boolean' ? Number(value === 'true') : Number(value);
  return Number.isNaN(number) ? unreadable(value) : number;
}

function unreadable(value: unknown): never {
  throw new StatusError(400, 'number_format_exception', `For input string: "${String(value)}"`);
}
