import { parseTime } from '../protocol/action/shared/time-text.ts';
import { underField } from '../protocol/codec/codec.ts';
import { type SchemaAlgebra, schemaFold } from '../protocol/codec/fold-schema.ts';
import type { Schema } from '../protocol/codec/schema.ts';

/** Name of the schema of a time. */
const TIME = 'TimeValue';

/** Returns a JSON form in which texts of times are replaced. */
type TimesIn = (form: unknown) => unknown;

const asIs: TimesIn = (form) => form;

const algebra: SchemaAlgebra<TimesIn> = {
  scalar: () => asIs,
  bytes: () => asIs,
  enum: () => asIs,
  enumSet: () => asIs,
  list: timesInList,
  map: (of) => (form) => convert(form, of),
  mapOfLists: (of) => (form) => convert(form, timesInList(of)),
  optional: (of) => of,
  struct: (fields, { name }) => {
    if (name === TIME) return (form) => (typeof form === 'string' ? parseTime(form) : form);
    const byName = new Map(fields.map((field) => [field.name, field.result]));
    return (form) => convert(form, (item, key) => (byName.get(key) ?? asIs)(item));
  },
  gate: (of) => of,
  lazy: (of) => (form) => (form === null || typeof form !== 'object' ? form : of()(form)),
  union: (cases, { discriminator }) => {
    const byName = new Map<unknown, TimesIn>(cases.map((each) => [each.name, each.result]));
    if (discriminator === null) return (form) => convert(form, (item, key) => (byName.get(key) ?? asIs)(item));
    return (form) => {
      const name = typeof form === 'object' && form !== null && discriminator in form ? (form as Members)[discriminator] : undefined;
      return (byName.get(name) ?? asIs)(form);
    };
  },
  custom: () => asIs,
};

type Members = Readonly<Record<string, unknown>>;

const timesIn = schemaFold(algebra);

/**
 * Converts a JSON form in which times may stand as in REST, `"5s"`, to the form that the schema expects. Everything else stays as it is.
 *
 * @throws ERR_USAGE with the field, for text that is not a time
 */
export function withTimes(schema: Schema, form: unknown): unknown {
  return timesIn(schema)(form);
}

function timesInList(of: TimesIn): TimesIn {
  return (form) => (Array.isArray(form) ? form.map((item) => of(item)) : form);
}

function convert(form: unknown, item: (value: unknown, key: string) => unknown): unknown {
  if (typeof form !== 'object' || form === null || Array.isArray(form)) return form;
  const entries = Object.entries(form).map(([key, value]): [string, unknown] => {
    try {
      return [key, item(value, key)];
    } catch (error) {
      throw underField(error, key);
    }
  });
  return Object.fromEntries(entries);
}
