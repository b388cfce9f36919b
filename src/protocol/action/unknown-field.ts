import { schemaFold } from '../codec/fold-schema.ts';
import type { Schema } from '../codec/schema.ts';
import { closestName } from '../error/closest-name.ts';
import { MAX_NESTING_DEPTH } from '../wire/limits.ts';

/** Finds the first unknown field of a value, and says where it is; undefined if all are known. `depth` counts the values of recursive schemas. */
type Finder = (value: unknown, depth: number) => string | undefined;

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

const none: Finder = () => undefined;

const inMembers =
  (find: Finder): Finder =>
  (value, depth) => {
    if (!isMembers(value)) return undefined;
    for (const [key, member] of Object.entries(value)) {
      const found = find(member, depth);
      if (found !== undefined) return under(key, found);
    }
    return undefined;
  };

const inItems =
  (find: Finder): Finder =>
  (value, depth) => {
    if (!Array.isArray(value)) return undefined;
    for (const [i, item] of value.entries()) {
      const found = find(item, depth);
      if (found !== undefined) return under(`[${i}]`, found);
    }
    return undefined;
  };

const inNamedMembers =
  (byName: ReadonlyMap<string, Finder>): Finder =>
  (value, depth) => {
    if (!isMembers(value)) return undefined;
    for (const [name, member] of Object.entries(value)) {
      const find = byName.get(name);
      const found = find?.(member, depth);
      if (found !== undefined) return under(name, found);
      if (find === undefined && member !== undefined) return unknown(name, byName.keys());
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
export function unknownField(schema: Schema): (value: unknown) => string | undefined {
  const find = finderOf(schema);
  return (value) => find(value, 1);
}

const finderOf = schemaFold<Finder>({
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
  // What nests deeper, or holds itself, is refused when it is written.
  lazy: (of) => (value, depth) => (depth > MAX_NESTING_DEPTH ? undefined : of()(value, depth + 1)),
  struct: (fields) => inNamedMembers(new Map(fields.map(({ name, result }) => [name, result]))),
  union: (cases, { discriminator }) => {
    const byName = new Map(cases.map((each) => [each.name, each]));
    if (discriminator === null) return inNamedMembers(new Map(cases.map(({ name, result }) => [name, result])));
    return (value, depth) => {
      if (!isMembers(value)) return undefined;
      const { [discriminator]: kind, ...members } = value;
      const found = typeof kind === 'string' ? byName.get(kind) : undefined;
      const taken = Object.entries(found?.set ?? {}).find(([name, own]) => members[name] !== undefined && members[name] !== own);
      if (taken !== undefined) return `unknown field '${taken[0]}', ${String(kind)} sets it to ${JSON.stringify(taken[1])}`;
      return found?.result(members, depth);
    };
  },
});

function unknown(name: string, names: Iterable<string>): string {
  const near = closestName(name, names);
  return `unknown field '${name}'${near === undefined ? '' : `, did you mean ${near}?`}`;
}
