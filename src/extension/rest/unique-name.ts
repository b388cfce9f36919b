import type { Route } from './route.ts';

/** Longest name of a route that a node accepts, in characters. */
const LONGEST = 250;

/**
 * A name for a route that a node takes and no other extension has: `my_extension:get/hello/*` for `GET /hello/{name}`. What a name may not hold
 * becomes `_`; what that makes equal, or the length cuts off, is told apart by a number.
 *
 * @param extensionId unique id of the extension
 * @param taken names in use, to which this one is added
 */
export function makeUniqueName({ method, pattern }: Pick<Route, 'method' | 'pattern'>, extensionId: string, taken: Set<string>): string {
  const path = pattern.segments.map((segment) => ('param' in segment ? '/*' : `/${segment.literal}`)).join('');
  const whole = `${extensionId}:${method.toLowerCase()}${path}`.replace(/[^A-Za-z0-9_:/*]/g, '_');
  const name = firstFree(whole, taken);
  taken.add(name);
  return name;
}

function firstFree(whole: string, taken: ReadonlySet<string>): string {
  let name = whole.slice(0, LONGEST);
  for (let number = 2; taken.has(name); number++) {
    const suffix = `:${number}`;
    name = whole.slice(0, LONGEST - suffix.length) + suffix;
  }
  return name;
}
