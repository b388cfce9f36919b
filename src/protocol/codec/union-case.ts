import { UsageError } from '../error/transport-error.ts';
import type { CaseSchema, UnionSchema } from './schema.ts';

/** Most cases that an error lists. */
const MAX_LISTED = 12;

/**
 * Returns the name of the case that a value, or its JSON form, belongs to.
 *
 * @throws ERR_USAGE if the value names no case of the union
 */
export function nameOfCase({ discriminator, cases }: UnionSchema, value: unknown): string {
  if (typeof value !== 'object' || value === null) {
    const wanted = discriminator ?? oneOf(cases.map((each) => each.name));
    throw new UsageError('ERR_USAGE', {}, `expected an object with ${wanted}, got ${value === null ? 'null' : typeof value}`);
  }
  if (discriminator === null) return onlyMember(cases, value);
  const given = (value as Readonly<Record<string, unknown>>)[discriminator];
  if (cases.some((each) => each.name === given)) return given as string;
  throw new UsageError('ERR_USAGE', {}, `${discriminator}: expected ${oneOf(cases.map((each) => each.name))}, got ${shown(given)}`);
}

/** Returns the value of a case with its discriminator first. A member of the same name, which a peer may send, does not replace it. */
export function tagged(name: string, value: unknown, discriminator: string): object {
  return { [discriminator]: name, ...(value as object), [discriminator]: name };
}

function onlyMember(cases: readonly CaseSchema[], value: object): string {
  const found = cases.filter((each) => Object.hasOwn(value, each.name));
  if (found.length === 1) return (found[0] as CaseSchema).name;
  const got = found.length === 0 ? 'no such member' : found.map((each) => each.name).join(' and ');
  throw new UsageError('ERR_USAGE', {}, `expected an object with ${oneOf(cases.map((each) => each.name))}, got ${got}`);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value.slice(0, 80)}'` : value === null ? 'null' : typeof value;
}

/** Returns names as an error text says what it expects; long lists are cut. */
export function oneOf(names: readonly (string | number)[]): string {
  if (names.length === 1) return String(names[0]);
  if (names.length <= MAX_LISTED) return `one of ${names.join(', ')}`;
  return `one of ${names.slice(0, MAX_LISTED).join(', ')} or ${names.length - MAX_LISTED} more`;
}
