import { schemaFold } from '../codec/fold-schema.ts';
import type { Schema } from '../codec/schema.ts';
import { closestName } from '../error/closest-name.ts';

/** Finds the first unknown field of a value, and says where it is; undefined if all are known. */
type Finder = (value: unknown) => string | undefined;

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

const none: Finder = () => undefined;

const inMembers =
  (find: Finder): Finder =>
  (value) => {
    if (!isMembers(value)) return undefined;
    for (const [key, member] of Object.entries(value)) {
      const found = find(member);
      if (found !== undefined) return under(key, found);
    }
    return undefined;
  };

const inItems =
  (find: Finder): Finder =>
  (value) => {
    if (!Array.isArray(value)) return undefined;
    for (const [i, item] of value.entries()) {
      const found = find(item);
      if (found !== undefined) return under(`[${i}]`, found);
    }
    return undefined;
  };

/** Puts a name in front of the place of a finding. */
function under(name: string, found: string): string {
  if (found.startsWith('unknown field')) return `${name}: ${found}`;
  return found.startsWith('[') ? `${name}${found}` : `${name}.${found}`;
}

/**
 * Returns what says which field of a value its schema does not know: `items[0]: unknown field 'indx', did you mean index?`, or undefined. Fields
 * that are undefined are left out when a value is written, so they are not reported.
 */
export const unknownField: (schema: Schema) => Finder = schemaFold<Finder>({
  scalar: () => none,
  bytes: () => none,
  enum: () => none,
  enumSet: () => none,
  custom: () => none,
  list: (of) => inItems(of),
  map: (of) => inMembers(of),
  mapOfLists: (of) => inMembers(inItems(of)),
  optional: (of) => of,
  gate: (of) => of,
  lazy: (of) => (value) => of()(value),
  struct: (fields) => {
    const byName = new Map(fields.map(({ name, result }) => [name, result]));
    return (value) => {
      if (!isMembers(value)) return undefined;
      for (const [name, member] of Object.entries(value)) {
        const find = byName.get(name);
        const found = find?.(member);
        if (found !== undefined) return under(name, found);
        if (find === undefined && member !== undefined) return unknown(name, byName.keys());
      }
      return undefined;
    };
  },
  union: (cases, { discriminator }) => {
    const byName = new Map(cases.map(({ name, result }) => [name, result]));
    return (value) => {
      if (discriminator === null || !isMembers(value)) return undefined;
      const { [discriminator]: kind, ...members } = value;
      return byName.get(String(kind))?.(members);
    };
  },
});

function unknown(name: string, names: Iterable<string>): string {
  const near = closestName(name, names);
  return `unknown field '${name}'${near === undefined ? '' : `, did you mean ${near}?`}`;
}
