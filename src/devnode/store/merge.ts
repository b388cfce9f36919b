import { isObject } from '../../protocol/rest/body.ts';

type Source = Readonly<Record<string, unknown>>;

/** What a partial document makes of a document. */
interface Merged {
  readonly source: Source;
  /** False if the partial document changes nothing. */
  readonly hasChanged: boolean;
}

/** Writes the fields of a partial document over those of a document; objects are merged, everything else is replaced. */
export function merge(source: Source, changes: Source): Merged {
  const merged: Record<string, unknown> = { ...source };
  let hasChanged = false;
  for (const name of Object.keys(changes)) {
    const [before, after] = [Object.hasOwn(source, name) ? source[name] : undefined, changes[name]];
    if (isObject(before) && isObject(after)) {
      const inner = merge(before, after);
      hasChanged ||= inner.hasChanged;
      define(merged, name, inner.source);
    } else {
      hasChanged ||= !Object.hasOwn(source, name) || JSON.stringify(before) !== JSON.stringify(after);
      define(merged, name, after);
    }
  }
  return { source: merged, hasChanged };
}

/** Sets a member of any name: `__proto__` too becomes a plain member. */
function define(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  else object[name] = value;
}
