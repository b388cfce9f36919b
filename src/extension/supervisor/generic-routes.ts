import { ROUTE_METHODS } from '../rest/route.ts';

/** Longest part of a unique name that tells the extension, in characters: a node accepts 250 for the whole name. */
const MAX_ID_CHARACTERS = 200;

/** Names of the parameters of generic routes: no query has a parameter of such a name by chance. */
const PARAM = /^__\d+$/;

/**
 * Returns routes that match every path of up to `depth` segments with every method: a node accepts routes once, and these stand in for all later ones.
 *
 * @param uniqueId of the extension
 * @returns one string for each route, as a registration has them
 * @see extensions.md §1.4
 */
export function genericRoutes(uniqueId: string, depth: number): string[] {
  const owner = uniqueId.slice(0, MAX_ID_CHARACTERS).replace(/[^A-Za-z0-9_:/*]/g, '_');
  const routes: string[] = [];
  for (let length = 0; length <= depth; length++) {
    const path = Array.from({ length }, (_, at) => `/{__${at + 1}}`).join('');
    for (const method of ROUTE_METHODS) routes.push(`${method} ${path === '' ? '/' : path} ${owner}:any:${method.toLowerCase()}:${length}`);
  }
  return routes;
}

/** Returns whether a parameter belongs to a generic route. */
export function isGenericParam(name: string): boolean {
  return PARAM.test(name);
}
