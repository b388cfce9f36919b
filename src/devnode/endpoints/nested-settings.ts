import type { Json, JsonObject } from '../../protocol/rest/json.ts';

interface Branch {
  [name: string]: Branch | Json;
}

/**
 * Returns settings as a node shows them without `flat_settings`: `a.b` within `a`. Where `a` has a value of its own, `a.b` stays beside it under its
 * whole name.
 *
 * @see `Settings.getAsStructuredMap` of OpenSearch
 */
export function nestedSettings(flat: Readonly<Record<string, Json>>): JsonObject {
  const root = Object.create(null) as Branch;
  const leaves = new Set(Object.keys(flat));
  for (const [key, value] of Object.entries(flat)) {
    const parts = key.split('.');
    let branch = root;
    let at = 0;
    while (at < parts.length - 1 && !leaves.has(parts.slice(0, at + 1).join('.'))) {
      const part = parts[at] as string;
      branch[part] ??= Object.create(null) as Branch;
      branch = branch[part] as Branch;
      at++;
    }
    branch[parts.slice(at).join('.')] = value;
  }
  return root as JsonObject;
}
