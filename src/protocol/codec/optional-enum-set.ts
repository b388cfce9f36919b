import type { Codec } from './codec.ts';

/**
 * bool false for null or an empty set (it reads back as null), else bool true and the set.
 *
 * @see wire-format.md §8.4
 */
export function optionalEnumSet<V extends string>(set: Codec<V[], readonly V[]>): Codec<V[] | null, readonly V[] | null | undefined> {
  return {
    schema: { kind: 'optional', of: set.schema },
    canOmit: true,
    read: (input) => (input.readBoolean() ? set.read(input) : null),
    write: (output, values) => {
      const there = values !== null && values !== undefined && values.length > 0;
      output.writeBoolean(there);
      if (there) set.write(output, values);
    },
  };
}
