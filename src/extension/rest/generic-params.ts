/** Longest path that generic routes pass on, in segments. */
export const MAX_GENERIC_DEPTH = 8;

/** Names of the parameters of generic routes. A query parameter of such a name does not reach a handler. */
export const GENERIC_PARAMS: readonly string[] = Array.from({ length: MAX_GENERIC_DEPTH }, (_, at) => `path_segment_${at + 1}`);

/** Returns whether a parameter comes from a generic route. */
export function isGenericParam(name: string): boolean {
  return GENERIC_PARAMS.includes(name);
}
