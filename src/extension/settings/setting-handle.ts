import type { SettingType } from '../../protocol/action/extension/setting-type.ts';
import { tell } from '../../transport/util/listeners.ts';
import { isMatch, type SettingDefinition } from './setting.ts';
import type { PublicValues } from './setting-values.ts';

/** A setting of the cluster as an extension uses it. */
export interface SettingHandle<T extends SettingType = SettingType> {
  readonly key: string;
  /** The value in force; the default until a node has told another one. With several clusters it is the value that was told last. */
  readonly value: PublicValues[T];
  /**
   * Adds a listener of changes. What it throws becomes a process warning.
   *
   * @returns a function that removes it
   */
  onChange(listener: (value: PublicValues[T]) => void): () => void;
}

/** A setting of indices: it is registered, and has no value of its own. */
export interface IndexSettingHandle {
  readonly key: string;
}

/** The setting behind a handle. */
export class LiveSetting<T extends SettingType> implements SettingHandle<T> {
  readonly definition: SettingDefinition<T>;
  readonly #listeners = new Map<symbol, (value: PublicValues[T]) => void>();
  #value: PublicValues[T];

  constructor(definition: SettingDefinition<T>) {
    this.definition = definition;
    this.#value = definition.default;
  }

  get key(): string {
    return this.definition.key;
  }

  get value(): PublicValues[T] {
    return this.#value;
  }

  onChange(listener: (value: PublicValues[T]) => void): () => void {
    const id = Symbol(this.key);
    this.#listeners.set(id, listener);
    return () => void this.#listeners.delete(id);
  }

  /**
   * Takes a value of a node and tells the listeners if it is another one.
   *
   * @returns why the value is refused, or null
   */
  apply(value: PublicValues[T]): string | null {
    const { matches } = this.definition;
    if (matches !== null && !isMatch(matches, value as string)) return `'${String(value)}' does not match ${String(matches)}`;
    if (Object.is(value, this.#value)) return null;
    this.#value = value;
    // A copy: a listener may add or remove listeners.
    for (const listener of Array.from(this.#listeners.values())) tell(`a listener of the setting '${this.key}'`, listener, value);
    return null;
  }
}
