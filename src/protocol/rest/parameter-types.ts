import type { ActiveShardCount } from '../action/shared/active-shard-count.ts';
import type { RefreshPolicy } from '../action/shared/refresh-policy.ts';
import { parseTime } from '../action/shared/time-text.ts';
import { VERSION_TYPES } from '../action/shared/version-type.ts';
import type { TimeValue } from '../codec/time-value.ts';
import { StatusError } from '../error/status-error.ts';
import { parseInt32, parseLong } from './long-text.ts';
import { illegalArgument } from './refusals.ts';

/** How the text of a parameter is read, and what documentation says of it. */
export interface ParameterType<T> {
  /** For people: `boolean`, `time`, `list`. */
  readonly type: string;
  /** The texts a node accepts, where they are few; else none. */
  readonly values: readonly string[];
  /** @throws StatusError 400 in OpenSearch's words */
  readonly read: (text: string, name: string) => T;
}

/** Returns a type of parameters. `parse` returns undefined for text that a node refuses, and `refusal` is what the node says then. */
export function parameterType<T>(
  type: string,
  parse: (text: string) => T | undefined,
  refusal: (text: string, name: string) => string,
  { values = [], cause = () => undefined }: { values?: readonly string[]; cause?: (text: string) => StatusError | undefined } = {},
): ParameterType<T> {
  const read = (text: string, name: string): T => {
    const value = parse(text);
    if (value === undefined) throw illegalArgument(refusal(text, name), cause(text));
    return value;
  };
  return { type, values, read };
}

/** One of some names in lower case. */
export function oneOf<T extends string>(names: readonly T[], refusal: (text: string) => string): ParameterType<T> {
  const values = names.map((name) => name.toLowerCase());
  return parameterType('enum', (text) => names[values.indexOf(text)], refusal, { values });
}

/** One of the names of a Java enumeration, in any case. @param javaName below `org.opensearch`, as a node's refusal names it */
export function enumOf<T extends string>(names: readonly T[], javaName: string): ParameterType<T> {
  const type = oneOf(names, (text) => `No enum constant org.opensearch.${javaName}.${text.toUpperCase()}`);
  return { ...type, read: (text, name) => type.read(text.toLowerCase(), name) };
}

/** Text as it is. */
export const text: ParameterType<string> = { type: 'string', values: [], read: String };

/** Texts with commas between them; empty ones do not count. */
export const commaList: ParameterType<string[]> = {
  type: 'list',
  values: [],
  read: (value) => value.split(',').filter((item) => item !== ''),
};

const FLAGS = new Map(Object.entries({ true: true, false: false, '': true }));
const notFlag = (value: string) => `Failed to parse value [${value}] as only [true] or [false] are allowed.`;
const toFlag = (value: string) => FLAGS.get(value);

/** `true` or `false`; the bare name is true. */
export const flag = parameterType('boolean', toFlag, notFlag, { values: ['true', 'false'] });

/** The same among the options for indices, which a node refuses in other words. */
export const optionFlag = parameterType('boolean', toFlag, (_, name) => `Could not convert [${name}] to boolean`, {
  values: flag.values,
  cause: (value) => illegalArgument(notFlag(value)),
});

/** A type of numbers; the cause of a refusal is what Java says of other texts. */
function number<T>(
  type: string,
  parse: (text: string) => T | undefined,
  refusal: (text: string, name: string) => string,
): ParameterType<T> {
  const cause = (value: string) => new StatusError(400, 'number_format_exception', `For input string: "${value}"`);
  return parameterType(type, parse, refusal, { cause });
}

/** A 64-bit integer. */
export const long = number('integer', parseLong, (value, name) => `Failed to parse long parameter [${name}] with value [${value}]`);

/** A 32-bit integer. */
export const int = number('integer', parseInt32, (value, name) => `Failed to parse int parameter [${name}] with value [${value}]`);

/** A number of shards or `all`. */
export const activeShards = number('integer or `all`', activeShardsOf, (value) => `cannot parse ActiveShardCount[${value}]`);

/** A time such as `30s`. */
export const time: ParameterType<TimeValue> = {
  type: 'time',
  values: [],
  read: (value, name) => {
    try {
      return parseTime(value);
    } catch {
      throw illegalArgument(`failed to parse setting [${name}] with value [${value}] as a time value: unit is missing or unrecognized`);
    }
  },
};

/** `internal`, `external` or `external_gte`. */
export const versionType = oneOf(VERSION_TYPES, (value) => `No version type match [${value}]`);

const REFRESH = new Map(Object.entries<RefreshPolicy>({ true: 'IMMEDIATE', false: 'NONE', wait_for: 'WAIT_UNTIL', '': 'IMMEDIATE' }));
const toPolicy = (value: string) => REFRESH.get(value);

/** `true`, `false` or `wait_for`; the bare name is true. */
export const refreshPolicy: ParameterType<RefreshPolicy> = {
  ...parameterType('enum', toPolicy, (value) => `Unknown value for refresh: [${value}].`),
  values: ['true', 'false', 'wait_for'],
};

function activeShardsOf(value: string): ActiveShardCount | undefined {
  const count = value === 'all' ? 'ALL' : parseInt32(value);
  if (typeof count === 'number' && count < 0) throw illegalArgument('shard count cannot be a negative value');
  return count;
}
