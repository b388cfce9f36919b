import { setKey } from '../../protocol/codec/combinators.ts';
import { isObject } from '../../protocol/rest/body.ts';
import type { Json, JsonObject } from '../../protocol/rest/json.ts';

type Tree = Record<string, Json>;

/**
 * Returns settings with dots in their keys turned into objects: `{ 'a.b': '1' }` is `{ a: { b: '1' } }`. Where a key is also the beginning of
 * another one, the longer key keeps its dots.
 *
 * @see `Settings.getAsStructuredMap` of OpenSearch
 */
export function structuredSettings(settings: Readonly<Record<string, Json>>): JsonObject {
  const root: Tree = {};
  for (const key of Object.keys(settings).sort()) place(root, '', key, settings[key] as Json);
  return root;
}

function place(tree: Tree, prefix: string, key: string, value: Json): void {
  const dot = key.indexOf('.');
  if (dot === -1) {
    setKey(tree, prefix + key, value);
    return;
  }
  const name = prefix + key.slice(0, dot);
  const rest = key.slice(dot + 1);
  const present = Object.hasOwn(tree, name) ? tree[name] : undefined;
  if (present === undefined) {
    const inner: Tree = {};
    setKey(tree, name, inner as Json);
    place(inner, '', rest, value);
  } else if (isObject(present)) place(present as Tree, '', rest, value);
  else place(tree, `${name}.`, rest, value);
}
