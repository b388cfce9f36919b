import { list, struct, withDefault } from '../../codec/combinators.ts';
import { boolean, string } from '../../codec/primitives.ts';
import { type InitOf, typed } from '../../codec/typed.ts';

/** Which part of the source of a document is returned. */
export interface FetchSourceContext {
  /** False to return no source. Default: true. */
  readonly fetch: boolean;
  /** Paths of the fields to return, such as `author.*`. Default: empty, which means all. */
  readonly includes: string[];
  /** Paths of the fields to leave out. Default: empty. */
  readonly excludes: string[];
}

/** A {@link FetchSourceContext} to send. */
export interface FetchSourceContextInit extends InitOf<FetchSourceContext> {}

/** `bool` fetch, `list str` includes, `list str` excludes. @see wire-format.md §11.5 */
export const fetchSource = typed<FetchSourceContext, FetchSourceContextInit>()(
  struct(
    {
      fetch: withDefault(boolean, true),
      includes: withDefault(list(string), []),
      excludes: withDefault(list(string), []),
    },
    'FetchSourceContext',
  ),
);
