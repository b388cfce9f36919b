import { setKey } from '../codec/combinators.ts';
import type { SettingValue } from '../codec/settings.ts';
import { isObject } from './body.ts';
import { parseFailure } from './refusals.ts';

/** Settings by flat key: the names of objects inside are joined with dots, values become strings. */
export function flatSettings(nested: Readonly<Record<string, unknown>>, prefix: string = ''): Record<string, SettingValue> {
  const flat: Record<string, SettingValue> = {};
  for (const [name, value] of Object.entries(nested)) {
    const key = prefix + name;
    if (!isObject(value)) setKey(flat, key, settingOf(value));
    else for (const [inner, setting] of Object.entries(flatSettings(value, `${key}.`))) setKey(flat, inner, setting);
  }
  return flat;
}

function settingOf(value: unknown): SettingValue {
  if (value === null) return null;
  return Array.isArray(value) ? value.map(scalarText) : scalarText(value);
}

/** A string, a number or a boolean as text. @throws StatusError 400 */
export function scalarText(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw parseFailure('a value of a setting or an alias must be a string, a number or a boolean, or for settings a list of those');
}
