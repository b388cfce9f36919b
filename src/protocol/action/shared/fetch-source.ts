import type { OutOf } from '../../codec/codec.ts';
import { list, struct, withDefault } from '../../codec/combinators.ts';
import { boolean, string } from '../../codec/primitives.ts';

/** Which part of the source is wanted: `bool` fetch, `list str` includes, `list str` excludes; patterns are allowed. @see wire-format.md §11.5 */
export const fetchSource = struct(
  {
    fetch: withDefault(boolean, true),
    includes: withDefault(list(string), []),
    excludes: withDefault(list(string), []),
  },
  'FetchSourceContext',
);

/** Which part of the source is wanted. */
export type FetchSource = OutOf<typeof fetchSource>;
