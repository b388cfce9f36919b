import type { Codec } from './codec.ts';
import { string } from './primitives.ts';

/** `str` as written: `1.2.3`, `~1.2.3`, `^1.2.3`, `=1.2.3`. @see wire-format.md §8.5 */
export const semverRange: Codec<string> = string;
