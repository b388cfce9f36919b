import { parseTime } from '../protocol/action/shared/time-text.ts';
import { underField } from '../protocol/codec/codec.ts';
import type { Schema } from '../protocol/codec/schema.ts';

/** Name of the schema of a time. */
const TIME = 'TimeValue';

/**
 * A JSON form in which times may stand as REST has them, `"5s"`, as the form that the schema expects. Whatever else is wrong stays as it is.
 *
 * @throws ERR_USAGE with the field, for text that is no time
 */
export function withTimes(schema: Schema, form: unknown): unknown {
  switch (schema.kind) {
    case 'struct':
      if (schema.name === TIME) return typeof form === 'string' ? parseTime(form) : form;
      return convert(form, (item, key) => withTimesOf(schema.fields.find(({ name }) => name === key)?.schema, item));
    case 'map':
      return convert(form, (item) => withTimes(schema.of, item));
    case 'list':
      return Array.isArray(form) ? form.map((item) => withTimes(schema.of, item)) : form;
    case 'optional':
    case 'gate':
      return withTimes(schema.of, form);
    case 'lazy':
      return form === null || typeof form !== 'object' ? form : withTimes(schema.of(), form);
    default:
      return form;
  }
}

function withTimesOf(schema: Schema | undefined, form: unknown): unknown {
  return schema === undefined ? form : withTimes(schema, form);
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
