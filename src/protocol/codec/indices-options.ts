import type { Codec } from './codec.ts';
import { enumSet, struct } from './combinators.ts';

/** An option of how names of indices are resolved. */
export type IndicesOption =
  | 'IGNORE_UNAVAILABLE'
  | 'IGNORE_ALIASES'
  | 'ALLOW_NO_INDICES'
  | 'FORBID_ALIASES_TO_MULTIPLE_INDICES'
  | 'FORBID_CLOSED_INDICES'
  | 'IGNORE_THROTTLED';

/** A kind of index that patterns may match. */
export type WildcardState = 'OPEN' | 'CLOSED' | 'HIDDEN';

/** Options of {@link IndicesOptions}, by ordinal. */
export const INDICES_OPTIONS = [
  'IGNORE_UNAVAILABLE',
  'IGNORE_ALIASES',
  'ALLOW_NO_INDICES',
  'FORBID_ALIASES_TO_MULTIPLE_INDICES',
  'FORBID_CLOSED_INDICES',
  'IGNORE_THROTTLED',
] as const satisfies readonly IndicesOption[];

/** States a wildcard expands to, by ordinal. */
const WILDCARD_STATES = ['OPEN', 'CLOSED', 'HIDDEN'] as const satisfies readonly WildcardState[];

/** How the names of indices in a request are resolved. */
export interface IndicesOptions {
  /** What is allowed; an option that is not in the list is off. */
  readonly options: readonly IndicesOption[];
  /** The kinds of indices that patterns match; an empty list forbids patterns. */
  readonly wildcards: readonly WildcardState[];
}

/** `enum set` of options, `enum set` of wildcard states. @see wire-format.md §11.1 */
export const indicesOptions: Codec<IndicesOptions> = struct(
  { options: enumSet('indices option', INDICES_OPTIONS), wildcards: enumSet('wildcard state', WILDCARD_STATES) },
  'IndicesOptions',
);

const preset = (options: IndicesOptions['options'], wildcards: IndicesOptions['wildcards']): IndicesOptions =>
  Object.freeze({ options: Object.freeze(options), wildcards: Object.freeze(wildcards) });

/** Wildcards may match none and expand to open indices; closed ones fail. */
export const strictExpandOpenAndForbidClosed: IndicesOptions = preset(['ALLOW_NO_INDICES', 'FORBID_CLOSED_INDICES'], ['OPEN']);
/** {@link strictExpandOpenAndForbidClosed}, throttled indices are left out. The default of searches. */
export const strictExpandOpenAndForbidClosedIgnoreThrottled: IndicesOptions = preset(
  ['ALLOW_NO_INDICES', 'FORBID_CLOSED_INDICES', 'IGNORE_THROTTLED'],
  ['OPEN'],
);
/** Missing indices are left out, wildcards expand to open, closed and hidden ones. */
export const lenientExpandHidden: IndicesOptions = preset(['IGNORE_UNAVAILABLE', 'ALLOW_NO_INDICES'], ['OPEN', 'CLOSED', 'HIDDEN']);
