import { showTime } from '../action/shared/time-text.ts';
import type { AnyCodec, OutOf } from '../codec/codec.ts';
import type { ExceptionValue } from '../codec/exception/exception-value.ts';
import { toRemoteCause } from '../codec/exception/remote-cause.ts';
import { schemaFold } from '../codec/fold-schema.ts';
import { fieldsOf } from '../codec/schema-access.ts';
import { type TimeValue, toMilliseconds } from '../codec/time-value.ts';
import { type VersionId, versionText } from '../wire/version.ts';
import { causeJson } from './error-json.ts';
import { type Json, type JsonObject, toJson } from './json.ts';

/** Shows a value as the members of a field, most often one. `human` asks for texts that people read, too. */
type Show = (name: string, value: unknown, human: boolean) => JsonObject;

type Values = Readonly<Record<string, unknown>>;

const one =
  <T>(json: (value: T, human: boolean) => Json): Show =>
  (name, value, human) => ({ [name]: json(value as T, human) });
const plain = one(toJson);

/** Shows a value without a field around it. */
const inside = (show: Show, value: unknown, human: boolean): Json => show('', value, human)[''] ?? null;

/** A span of time has two members, unless it stands alone. @see `XContentBuilder.humanReadableField` of OpenSearch */
const span: Show = (name, value, human) => {
  const millis = Math.trunc(toMilliseconds(value as TimeValue));
  if (name === '') return { [name]: millis };
  return { [name]: human ? showTime(value as TimeValue) : undefined, [`${name}_millis`]: millis };
};

const nullable =
  (of: Show): Show =>
  (name, value, human) =>
    value === null || value === undefined ? {} : of(name, value, human);
const list = (of: Show): Show => one<readonly unknown[]>((values, human) => values.map((value) => inside(of, value, human)));
const map = (of: Show): Show =>
  one<Values>((values, human) => Object.fromEntries(Object.entries(values).map(([key, value]) => [key, inside(of, value, human)])));

/** How the values of each schema are shown. */
const showOf = schemaFold<Show>({
  scalar: ({ kind }) => (kind === 'version' ? one<VersionId>(versionText) : plain),
  bytes: () => plain,
  enum: () => one<string>((value) => value.toLowerCase()),
  enumSet: () => one<readonly string[]>((values) => values.map((value) => value.toLowerCase())),
  list,
  map,
  mapOfLists: (of) => map(list(of)),
  optional: nullable,
  gate: nullable,
  lazy: (of) => (name, value, human) => of()(name, value, human),
  struct: (fields, { name: struct }) =>
    struct === 'TimeValue'
      ? span
      : one<Values>((value, human) => joined(fields.map(({ name, result }) => result(snakeCase(name), value[name], human)))),
  union: (cases, { discriminator }) =>
    one<Values>((value, human) => {
      const name = String(discriminator === null ? Object.keys(value)[0] : value[discriminator]);
      const show = cases.find((each) => each.name === name)?.result ?? plain;
      return show(snakeCase(name), discriminator === null ? value[name] : value, human);
    }),
  custom: ({ name }) => (name === 'exception' ? one<ExceptionValue>((value) => causeJson(toRemoteCause(value))) : plain),
});

/** What REST does differently with a field: another name, null to leave it out, or the members it becomes. */
export type Override<Value, Whole> = string | null | ((value: Value, whole: Whole, human: boolean) => JsonObject);

/**
 * Returns a function that shows values of a codec as a node's REST layer does: names in snake_case, enumerations in lower case, times in
 * milliseconds and for `human` as text, nothing for null.
 *
 * @param overrides what REST does differently, by field
 * @param order the fields that come first; the others follow in the order of the wire
 */
export function bodyOf<C extends AnyCodec>(
  codec: C,
  overrides: { readonly [Field in keyof OutOf<C>]?: Override<OutOf<C>[Field], OutOf<C>> } = {},
  order: readonly (keyof OutOf<C> & string)[] = [],
): (value: OutOf<C>, context?: { readonly human: boolean }) => JsonObject {
  const changed = overrides as Readonly<Record<string, Override<unknown, unknown> | undefined>>;
  const fields = new Map(fieldsOf(codec.schema).map(({ name, schema }) => [name, showOf(schema)]));
  const names = [...new Set([...order, ...fields.keys()])].filter((name) => changed[name] !== null);
  return (whole, { human } = { human: false }) =>
    joined(
      names.map((name) => {
        const override = changed[name] ?? snakeCase(name);
        const value = (whole as Values)[name];
        return typeof override === 'string' ? (fields.get(name) ?? plain)(override, value, human) : override(value, whole, human);
      }),
    );
}

/** Shows a list as an object: each item under one of its fields. */
export function keyed<T, Key extends keyof T>(items: readonly T[], key: Key, json: (item: T) => Json): JsonObject {
  return Object.fromEntries(items.map((item) => [String(item[key]), json(item)]));
}

function joined(parts: readonly JsonObject[]): JsonObject {
  return Object.assign({}, ...parts) as JsonObject;
}

/** `numberOfNodes` in REST: `number_of_nodes`. */
function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
