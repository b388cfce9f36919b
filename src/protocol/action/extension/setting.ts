import type { Parser } from './setting-parser.ts';
import type { SettingType, SettingValues } from './setting-type.ts';

/** Properties of a setting, by ordinal; 2.19 has all but the last. A setting needs NodeScope or IndexScope, and Dynamic if it is to change. */
export const SETTING_PROPERTIES = [
  'Filtered',
  'Dynamic',
  'Final',
  'Deprecated',
  'NodeScope',
  'Consistent',
  'IndexScope',
  'NotCopyableOnResize',
  'InternalIndex',
  'PrivateIndex',
  'ExtensionScope',
  'UnmodifiableOnRestore',
  'Sensitive',
] as const;

/** A property of a setting. */
export type SettingProperty = (typeof SETTING_PROPERTIES)[number];

/** A pattern the text of a setting must match, or must not. A node reads and drops it: check values in the extension too. */
export interface SettingRegex {
  /** A pattern of `java.util.regex`. */
  readonly pattern: string;
  /** True when values must match, false when they must not. */
  readonly matching: boolean;
}

/** What is on the wire beside the bounds of a setting that has a parser. */
export type SettingParser = Pick<Parser, 'key' | 'filtered' | 'native'>;

/** A setting of one type, complete. */
export interface WriteableSettingOf<T extends SettingType> {
  readonly type: T;
  readonly key: string;
  readonly default: SettingValues[T];
  /** The setting whose value holds while this one is unset. */
  readonly fallback: WriteableSettingOf<T> | null;
  /** Least value allowed, null where the type has no bounds or the setting no parser. */
  readonly min: SettingValues[T] | null;
  /** Greatest value allowed. */
  readonly max: SettingValues[T] | null;
  /** True for a size that may be a part of the heap (`10%`); it has no bounds. */
  readonly memory: boolean;
  readonly parser: SettingParser | null;
  readonly regex: SettingRegex | null;
  readonly properties: readonly SettingProperty[];
}

/** A setting of one type as it is defined: what OpenSearch's own constructors would set may be left out. */
export interface WriteableSettingInit<T extends SettingType> {
  readonly type: T;
  readonly key: string;
  /** May be left out where there is a fallback. */
  readonly default?: SettingValues[T] | null | undefined;
  readonly fallback?: WriteableSettingInit<T> | null | undefined;
  /** @default the least value of the type; for floats and doubles that is the least positive one */
  readonly min?: SettingValues[T] | null | undefined;
  /** @default the greatest value of the type */
  readonly max?: SettingValues[T] | null | undefined;
  /** @default false. Its layout differs between releases: send it only to a peer whose release is known */
  readonly memory?: boolean | undefined;
  /** Null sends none: the setting has no bounds, not even those of its type. @default one where OpenSearch would have one */
  readonly parser?: Partial<SettingParser> | null | undefined;
  readonly regex?: SettingRegex | null | undefined;
  /** @default none */
  readonly properties?: readonly SettingProperty[] | undefined;
}

/** A setting of any type, complete. */
export type WriteableSetting = { [T in SettingType]: WriteableSettingOf<T> }[SettingType];

/** A setting of any type as it is defined. */
export type AnySettingInit = { [T in SettingType]: WriteableSettingInit<T> }[SettingType];
