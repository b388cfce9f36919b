import type { SettingType, SettingValues } from './setting-type.ts';

/** A property of a setting. A setting needs `NodeScope` or `IndexScope`, and `Dynamic` if it shall change while nodes run. */
export type SettingProperty =
  | 'Filtered'
  | 'Dynamic'
  | 'Final'
  | 'Deprecated'
  | 'NodeScope'
  | 'Consistent'
  | 'IndexScope'
  | 'NotCopyableOnResize'
  | 'InternalIndex'
  | 'PrivateIndex'
  | 'ExtensionScope'
  | 'UnmodifiableOnRestore'
  | 'Sensitive';

/** Properties of a setting, by ordinal; 2.19 has all but the last. */
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
] as const satisfies readonly SettingProperty[];

/** A pattern that the text of a setting must match, or must not match. A node reads and drops it: check values in the extension, too. */
export interface SettingRegex {
  /** A pattern of `java.util.regex`. */
  readonly pattern: string;
  /** True if values must match, false if they must not. */
  readonly matching: boolean;
}

/** What parses the text of a setting. */
export interface SettingParser {
  /** The key that the parser names in its errors. */
  readonly key: string;
  /** True if errors must not show the value. On the wire for all types but sizes. */
  readonly filtered: boolean;
  /** True for a `memory` size that is a part of the machine's memory instead of the heap. Since 3.9. */
  readonly native: boolean;
}

/** A setting of one type, complete. */
export interface WriteableSettingOf<T extends SettingType> {
  readonly type: T;
  /** Its name, such as `custom.hello.greeting`. */
  readonly key: string;
  readonly default: SettingValues[T];
  /** The setting whose value is used while this one is unset. */
  readonly fallback: WriteableSettingOf<T> | null;
  /** Least value allowed; null if the type has no bounds or the setting no parser. */
  readonly min: SettingValues[T] | null;
  /** Greatest value allowed. */
  readonly max: SettingValues[T] | null;
  /** True for a size that may be a part of the heap (`10%`); it has no bounds. */
  readonly memory: boolean;
  readonly parser: SettingParser | null;
  readonly regex: SettingRegex | null;
  readonly properties: readonly SettingProperty[];
}

/** A setting of one type as it is defined. Fields that OpenSearch's own constructors fill in may be left out. */
export interface WriteableSettingInit<T extends SettingType> {
  readonly type: T;
  /** Its name, such as `custom.hello.greeting`. */
  readonly key: string;
  /** May be left out if there is a fallback. */
  readonly default?: SettingValues[T] | null | undefined;
  readonly fallback?: WriteableSettingInit<T> | null | undefined;
  /** @default the least value of the type; for floats and doubles that is the least positive one */
  readonly min?: SettingValues[T] | null | undefined;
  /** @default the greatest value of the type */
  readonly max?: SettingValues[T] | null | undefined;
  /** @default false. Its layout differs between releases: send it only to a peer whose release is known */
  readonly memory?: boolean | undefined;
  /** Null sends none: the setting then has no bounds, not even those of its type. @default a parser if OpenSearch would have one */
  readonly parser?: Partial<SettingParser> | null | undefined;
  readonly regex?: SettingRegex | null | undefined;
  /** @default none */
  readonly properties?: readonly SettingProperty[] | undefined;
}

/** A setting of any type, complete. */
export type WriteableSetting = { [T in SettingType]: WriteableSettingOf<T> }[SettingType];

/** A setting of any type as it is defined. */
export type AnySettingInit = { [T in SettingType]: WriteableSettingInit<T> }[SettingType];
