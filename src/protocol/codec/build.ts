import type { Codec } from './codec.ts';
import { struct } from './combinators.ts';
import { boolean, string } from './primitives.ts';

/** How a node was built. */
export interface Build {
  /** For example `opensearch`. */
  readonly distribution: string;
  /** `tar`, `zip`, `docker`, `rpm`, `deb` or `unknown`; others pass, as in OpenSearch. */
  readonly type: string;
  readonly hash: string;
  readonly date: string;
  readonly snapshot: boolean;
  /** For example `3.9.0-SNAPSHOT`. */
  readonly qualifiedVersion: string;
}

/**
 * `str` distribution, `str` type, `str` hash, `str` date, `bool` snapshot, `str` qualified version.
 *
 * @see wire-format.md §8.5
 */
export const build: Codec<Build> = struct(
  { distribution: string, type: string, hash: string, date: string, snapshot: boolean, qualifiedVersion: string },
  'Build',
);
