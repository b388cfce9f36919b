import type { WriteableSetting, SettingProperty } from '../../protocol/action/extension/setting.ts';
import { isValidSettingKey, propertyRefusal } from '../../protocol/action/extension/setting-rules.ts';
import { compareSettings, settingText } from '../../protocol/action/extension/setting-text.ts';
import type { SettingType } from '../../protocol/action/extension/setting-type.ts';
import { UsageError } from '../../protocol/error/transport-error.ts';
import { type GivenValues, LEAST, type PublicValues, publicValue, wireValue } from './setting-values.ts';

/** Where a setting is set: `node` by `PUT _cluster/settings`, `index` in the settings of an index. */
export type SettingScope = 'node' | 'index';

/** How a setting is defined. Bounds are for numbers, times and sizes; `matches` for strings. */
export interface SettingOptions<T extends SettingType, Scope extends SettingScope = SettingScope> {
  /** Required unless there is a fallback, whose default it then has. */
  readonly default?: GivenValues[T];
  /** Whether it may be changed while nodes run. @default false */
  readonly dynamic?: boolean;
  /** Least value that nodes take. @default none */
  readonly min?: GivenValues[T];
  /** Greatest value that nodes take. @default none */
  readonly max?: GivenValues[T];
  /** What the value of a string must match. Nodes do not check it: the handle refuses other values and keeps the one it has. */
  readonly matches?: RegExp;
  /** Keeps the value out of the node's errors. @default false */
  readonly filtered?: boolean;
  /** @default false */
  readonly deprecated?: boolean;
  /** Fixed once it is set; excludes `dynamic`. @default false */
  readonly final?: boolean;
  /** @default 'node' */
  readonly scope?: Scope;
  /** The setting whose value it has while nothing sets it, of the same type. */
  readonly fallback?: SettingDefinition<T>;
}

/** A setting, checked by the rules of nodes. `setting.string(…)` and its siblings make one. */
export interface SettingDefinition<T extends SettingType = SettingType, Scope extends SettingScope = SettingScope> {
  readonly type: T;
  readonly key: string;
  readonly scope: Scope;
  readonly isDynamic: boolean;
  readonly default: PublicValues[T];
  readonly matches: RegExp | null;
  readonly fallback: SettingDefinition<T> | null;
  /** @internal The form in which it is registered. */
  readonly wire: WriteableSetting;
}

/** Makes a setting of one type from its key and options. @throws ERR_USAGE naming the rule that the setting breaks */
export type SettingMaker<T extends SettingType> = <Scope extends SettingScope = 'node'>(
  key: string,
  options: SettingOptions<T, Scope>,
) => SettingDefinition<T, Scope>;

const maker =
  <T extends SettingType>(type: T): SettingMaker<T> =>
  (key, options) =>
    define(type, key, options);

/** A function for each type of setting. */
export interface SettingMakers {
  readonly boolean: SettingMaker<'Boolean'>;
  readonly integer: SettingMaker<'Integer'>;
  readonly long: SettingMaker<'Long'>;
  readonly float: SettingMaker<'Float'>;
  readonly double: SettingMaker<'Double'>;
  readonly string: SettingMaker<'String'>;
  readonly time: SettingMaker<'TimeValue'>;
  readonly byteSize: SettingMaker<'ByteSizeValue'>;
  readonly version: SettingMaker<'Version'>;
}

/**
 * Makes settings of extensions. Times are milliseconds or text such as `'30s'`, sizes are bytes or text such as `'10mb'`, versions are text such as
 * `'3.0.0'`. Each function throws ERR_USAGE naming the rule of OpenSearch that the setting breaks.
 *
 * @example setting.integer('custom.hello.count', { default: 5, min: 1, max: 100, dynamic: true })
 * @see extensions.md §1.6, §2.7
 */
export const setting: SettingMakers = {
  boolean: maker('Boolean'),
  integer: maker('Integer'),
  long: maker('Long'),
  float: maker('Float'),
  double: maker('Double'),
  string: maker('String'),
  time: maker('TimeValue'),
  byteSize: maker('ByteSizeValue'),
  version: maker('Version'),
};

function define<T extends SettingType, Scope extends SettingScope>(
  type: T,
  key: string,
  options: SettingOptions<T, Scope>,
): SettingDefinition<T, Scope> {
  const { matches = null, fallback = null, scope = 'node' as Scope } = options;
  const properties = propertiesOf(options);
  checkKey(key, properties);
  checkFallback(type, key, fallback, scope);
  const value = options.default === undefined ? fallback?.wire.default : wireValue(type, key, 'default', options.default);
  if (value === undefined) throw refused(key, 'needs a default, or a fallback that has one');
  checkRegex(type, key, matches, value);
  const wire = {
    type,
    key,
    default: value,
    fallback: fallback?.wire ?? null,
    ...boundsOf(type, key, options, value),
    memory: false,
    regex: matches === null ? null : { pattern: matches.source, matching: true },
    properties,
  } as unknown as WriteableSetting;
  const shown = publicValue(type, value as never);
  return { type, key, scope, isDynamic: options.dynamic === true, default: shown, matches, fallback, wire };
}

function propertiesOf({ dynamic, filtered, deprecated, final, scope }: SettingOptions<SettingType>): readonly SettingProperty[] {
  const flags: readonly (readonly [boolean | undefined, SettingProperty])[] = [
    [filtered, 'Filtered'],
    [dynamic, 'Dynamic'],
    [final, 'Final'],
    [deprecated, 'Deprecated'],
    [scope !== 'index', 'NodeScope'],
    [scope === 'index', 'IndexScope'],
  ];
  return flags.flatMap(([isSet, property]) => (isSet === true ? [property] : []));
}

function checkKey(key: string, properties: readonly SettingProperty[]): void {
  const refusal = propertyRefusal(key, properties);
  if (refusal !== null) throw refused(key, `cannot be both dynamic and final`);
  if (isValidSettingKey(key, properties)) return;
  const index = properties.includes('IndexScope') ? ", and begin with 'index.' because its scope is index" : '';
  throw refused(key, `must be named by words of letters, digits, '-' and '_' with dots between, such as custom.hello.count${index}`);
}

function checkFallback(type: SettingType, key: string, fallback: SettingDefinition | null, scope: SettingScope): void {
  if (fallback === null) return;
  if (fallback.type !== type) throw refused(key, `needs a fallback of type ${type}, got ${fallback.key} of type ${fallback.type}`);
  if (fallback.scope !== scope) throw refused(key, `needs a fallback of scope ${scope}, got ${fallback.key} of scope ${fallback.scope}`);
}

function checkRegex(type: SettingType, key: string, matches: RegExp | null, value: unknown): void {
  if (matches === null) return;
  if (type !== 'String') throw refused(key, `cannot have 'matches': only strings can`);
  if (!isMatch(matches, value as string)) throw refused(key, `needs a default that matches ${String(matches)}, got '${String(value)}'`);
}

/** Returns whether a text matches a pattern, whatever the pattern remembers of the last one. */
export function isMatch(pattern: RegExp, text: string): boolean {
  return new RegExp(pattern.source, pattern.flags.replaceAll(/[gy]/g, '')).test(text);
}

/** Types whose least value above zero is the bound of a node that is sent none. */
const FLOATS: readonly SettingType[] = ['Float', 'Double'];

/** Without bounds there is no parser, except for floats: a node would refuse zero and everything below. */
function boundsOf<T extends SettingType>(type: T, key: string, options: SettingOptions<T>, value: unknown) {
  if (options.min === undefined && options.max === undefined && !FLOATS.includes(type)) return { min: null, max: null, parser: null };
  const limits = LEAST[type];
  if (limits === undefined) throw refused(key, `cannot have bounds: a ${type} has none`);
  const min = options.min === undefined ? limits.min : wireValue(type, key, 'min', options.min);
  const max = options.max === undefined ? limits.max : wireValue(type, key, 'max', options.max);
  const show = (bound: unknown): string => settingText(type, bound as never);
  if (max !== null && compareSettings(type, min, max) > 0)
    throw refused(key, `needs min <= max, got min ${show(min)} and max ${show(max)}`);
  if (compareSettings(type, value, min) < 0) throw refused(key, `needs a default >= ${show(min)}, got ${show(value)}`);
  if (max !== null && compareSettings(type, value, max) > 0) throw refused(key, `needs a default <= ${show(max)}, got ${show(value)}`);
  return { min, max, parser: { key, filtered: options.filtered === true, native: false } };
}

function refused(key: string, why: string): UsageError {
  return new UsageError('ERR_USAGE', {}, `setting '${key}' ${why}`);
}
