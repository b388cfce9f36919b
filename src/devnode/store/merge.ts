import { type Json, type JsonObject, RawJson, renderJson } from '../../protocol/rest/json.ts';

/** What a partial document makes of a document. */
interface Merged {
  readonly source: JsonObject;
  /** False if the partial document changes nothing. */
  readonly hasChanged: boolean;
}

/** Writes the fields of a partial document over those of a document; objects are merged, everything else is replaced. */
export function merge(source: JsonObject, changes: JsonObject): Merged {
  const merged: Record<string, Json | undefined> = { ...source };
  let hasChanged = false;
  for (const [name, after = null] of Object.entries(changes)) {
    const before = Object.hasOwn(source, name) ? source[name] : undefined;
    if (isJsonObject(before) && isJsonObject(after)) {
      const inner = merge(before, after);
      hasChanged ||= inner.hasChanged;
      define(merged, name, inner.source);
    } else {
      hasChanged ||= before === undefined || renderJson(before) !== renderJson(after);
      define(merged, name, after);
    }
  }
  return { source: merged, hasChanged };
}

/** Returns whether a value is an object with members: a number that is kept as its text is none. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof RawJson);
}

/** Sets a member of any name: `__proto__` too becomes a plain member. */
function define(object: Record<string, Json | undefined>, name: string, value: Json): void {
  if (name === '__proto__') Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  else object[name] = value;
}
