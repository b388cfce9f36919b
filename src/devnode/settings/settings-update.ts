import type { Settings } from '../../protocol/codec/settings.ts';
import { isObject } from '../../protocol/rest/body.ts';
import { flatSettings } from '../../protocol/rest/settings-json.ts';
import type { SettingsErrors } from './settings-errors.ts';

/** The body of `PUT _cluster/settings`: objects with or without dots in their keys. */
export interface ClusterSettingsUpdate {
  readonly persistent?: unknown;
  readonly transient?: unknown;
}

/**
 * Returns the settings of one half of an update by flat key.
 *
 * @throws RemoteError for what is not an object, null included, or has objects in a list
 */
export function loadedSettings(given: unknown, errors: SettingsErrors): Settings {
  if (given === undefined) return {};
  if (given === null) throw errors.notAnObject();
  if (!isObject(given)) throw errors.cast(javaClassOf(given));
  try {
    return flatSettings(given as Readonly<Record<string, unknown>>);
  } catch {
    throw errors.settings(`Failed to load settings from [${JSON.stringify(given)}]`, 'only value lists are allowed in serialized settings');
  }
}

/** The class that a JSON value has in Java. */
function javaClassOf(value: unknown): string {
  if (Array.isArray(value)) return 'java.util.ArrayList';
  if (typeof value === 'string') return 'java.lang.String';
  if (typeof value === 'boolean') return 'java.lang.Boolean';
  return Number.isInteger(value) ? 'java.lang.Integer' : 'java.lang.Double';
}
