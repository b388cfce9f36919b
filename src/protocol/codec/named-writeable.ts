import type { VersionId } from '../wire/version.ts';
import type { AnyCodec, Codec } from './codec.ts';
import { lazy } from './combinators.ts';
import { union } from './union.ts';

/** One entry of a category of named writeables. */
export interface NamedEntry<Out, In> {
  /** Name on the wire, and `kind` of the value. */
  readonly name: string;
  /** First stream version that knows the entry. */
  readonly since?: VersionId;
  /** Makes the codec of what follows the name. `category` is the codec of the whole category, for values inside of values. */
  readonly codec: (category: Codec<Out, In>) => AnyCodec;
}

/**
 * A codec of a category of named writeables: `str` name, then what the entry of that name lays out. Values nest up to a bounded depth.
 *
 * @param category for errors and pages, for example `query`
 * @see wire-format.md §8.4
 */
export function namedWriteable<Out, In>(category: string, entries: readonly NamedEntry<Out, In>[]): Codec<Out, In> {
  const nested: Codec<Out, In> = lazy(category, () => whole);
  const cases = entries.map(({ name, since, codec }) => {
    const own = { tag: name, codec: codec(nested) };
    return [name, since === undefined ? own : { ...own, since }] as const;
  });
  const whole = union(category, 'string', Object.fromEntries(cases)) as unknown as Codec<Out, In>;
  return whole;
}
