import { types } from 'node:util';
import { closestName } from '../../protocol/error/closest-name.ts';
import { UsageError } from '../../protocol/error/transport-error.ts';
import { parseVersion } from '../../protocol/wire/version.ts';

/** Checks one option. It gets the option's full name for its error; undefined never reaches it unless the option is {@link required}. */
export type OptionCheck = ((name: string, value: unknown) => void) & { readonly isRequired?: boolean };

/** A check for every option there is: the compiler refuses a table that misses one. */
export type OptionChecks<Options> = { readonly [Name in keyof Options]-?: OptionCheck };

/** Longest delay that a timer of Node.js can hold, in milliseconds; a longer one would fire at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** Longest part of a text that an error shows. */
const MAX_SHOWN_CHARS = 60;

/**
 * Checks the options a user gave.
 *
 * @param owner what they belong to, for example `a client`
 * @param path name in front of nested options, for example `limits`
 * @throws ERR_CONFIG for options that are not an object, an unknown option (with the closest name), and a bad value (with what is expected)
 */
export function checkOptions<Options extends object>(owner: string, options: unknown, checks: OptionChecks<Options>, path = ''): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw configError(`${path === '' ? `the options of ${owner}` : path} must be an object, got ${describe(options)}`);
  }
  const given = options as Readonly<Record<string, unknown>>;
  const table = checks as Readonly<Record<string, OptionCheck>>;
  const prefix = path === '' ? '' : `${path}.`;
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(table, name));
  if (unknown !== undefined) throw unknownOption(owner, prefix, unknown, Object.keys(table));
  for (const [name, check] of Object.entries(table)) {
    const value = given[name];
    if (value !== undefined || check.isRequired === true) check(`${prefix}${name}`, value);
  }
}

function unknownOption(owner: string, prefix: string, name: string, known: readonly string[]): UsageError {
  const closest = closestName(name, known);
  const hint = closest === undefined ? `expected one of ${known.join(', ')}` : `did you mean ${prefix}${closest}?`;
  return configError(`unknown option ${prefix}${name} of ${owner}; ${hint}`);
}

/** Returns ERR_CONFIG with this text. */
export function configError(text: string, cause?: unknown): UsageError {
  return new UsageError('ERR_CONFIG', cause === undefined ? {} : { cause }, text);
}

function refuse(name: string, expected: string, value: unknown): never {
  throw configError(
    value === undefined ? `${name} is missing: it must be ${expected}` : `${name} must be ${expected}, got ${describe(value)}`,
  );
}

/** Describes a value for an error: its type, and the value where it is short. */
export function describe(value: unknown): string {
  if (typeof value === 'string') {
    return value.length > MAX_SHOWN_CHARS ? `the string '${value.slice(0, MAX_SHOWN_CHARS)}…'` : `the string '${value}'`;
  }
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : describeType(value);
}

/** Describes the type of a value alone: for keys and passwords. */
export function describeType(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  try {
    if (Array.isArray(value)) return 'an array';
    const type: unknown = Object.getPrototypeOf(value)?.constructor?.name;
    return typeof type === 'string' && type !== 'Object' && type !== '' ? `an object of class ${type}` : 'an object';
  } catch {
    // A revoked Proxy.
    return 'an object that cannot be read';
  }
}

/** Makes a check from a predicate. @param expected what the option must be */
export function must(expected: string, isGood: (value: unknown) => boolean): OptionCheck {
  return (name, value) => {
    if (!isGood(value)) refuse(name, expected, value);
  };
}

/** The same check for an option that may not be left out. */
export function required(check: OptionCheck): OptionCheck {
  return Object.assign((name: string, value: unknown) => check(name, value), { isRequired: true });
}

/** A text. */
export const isText: OptionCheck = must('a string', (value) => typeof value === 'string');

/** A text with at least one character. */
export const isName: OptionCheck = must('a non-empty string', (value) => typeof value === 'string' && value !== '');

/** True or false. */
export const isBoolean: OptionCheck = must('a boolean', (value) => typeof value === 'boolean');

/** A function. */
export const isFunction: OptionCheck = must('a function', (value) => typeof value === 'function');

/** A whole number from `least`, or Infinity for no bound. */
export function isCount(least: number): OptionCheck {
  return must(
    `an integer >= ${least}`,
    (value) => (Number.isInteger(value) || value === Number.POSITIVE_INFINITY) && (value as number) >= least,
  );
}

/** A number from `least`. */
export function isNumber(least: number): OptionCheck {
  return must(`a number >= ${least}`, (value) => typeof value === 'number' && value >= least);
}

/** A time that may be Infinity. */
export const isDuration: OptionCheck = must('a number of milliseconds > 0', (value) => typeof value === 'number' && value > 0);

/** A time that a timer of Node.js can wait. */
export const isTimer: OptionCheck = isTimerFrom(0);

/** A time of at least `least` milliseconds that a timer of Node.js can wait. */
export function isTimerFrom(least: number): OptionCheck {
  return must(
    `a number of milliseconds from ${least} to ${MAX_TIMER_MS}`,
    (value) => typeof value === 'number' && value >= least && value <= MAX_TIMER_MS,
  );
}

/** A port, 0 for any free one. */
export const isPortNumber: OptionCheck = must(
  'an integer from 0 to 65535',
  (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65_535,
);

/** One of some texts. */
export function isOneOf(...values: readonly string[]): OptionCheck {
  return must(`one of ${values.map((value) => `'${value}'`).join(', ')}`, (value) => values.includes(value as string));
}

/** An object with methods of these names. @param expected for the error, for example `a carrier such as tcp()` */
function hasMethods(expected: string, ...methods: readonly string[]): OptionCheck {
  return must(
    expected,
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      methods.every((method) => typeof (value as Record<string, unknown>)[method] === 'function'),
  );
}

/** An AbortSignal. */
export const isSignal: OptionCheck = hasMethods('an AbortSignal', 'addEventListener', 'throwIfAborted');

/** A medium such as `tcp()`. */
export const isCarrier: OptionCheck = hasMethods('a carrier such as tcp()', 'dial', 'listen');

/** A list, each entry of which passes a check. @param expected for the error, for example `an array of functions` */
export function isListOf(expected: string, check: OptionCheck): OptionCheck {
  return (name, value) => {
    if (!Array.isArray(value)) refuse(name, expected, value);
    for (const [index, entry] of value.entries()) check(`${name}[${index}]`, entry);
  };
}

/** An object whose own options pass their checks. */
export function isOptions<Options extends object>(owner: string, checks: OptionChecks<Options>): OptionCheck {
  return (name, value) => checkOptions(owner, value, checks, name);
}

/** One value that is always good, or whatever else passes a check. */
export function isValueOr(good: unknown, check: OptionCheck): OptionCheck {
  return (name, value) => {
    if (value !== good) check(name, value);
  };
}

/** A release such as `3.9.0`. */
export const isRelease: OptionCheck = must('a version such as 2.19.6 or 3.0.0-rc1', (value) => {
  if (typeof value !== 'string') return false;
  try {
    return parseVersion(value) > 0;
  } catch {
    return false;
  }
});

/** Bytes: a Buffer or another Uint8Array. */
export function isBytes(value: unknown): value is Uint8Array {
  return types.isUint8Array(value);
}
