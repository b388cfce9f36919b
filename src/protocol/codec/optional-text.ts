import type { Codec } from './codec.ts';
import { text } from './primitives.ts';

/** `i32` −1 for null, else as {@link text}. @see wire-format.md §8.3 */
export const optionalText: Codec<string | null, string | null | undefined> = {
  schema: { kind: 'optional', of: text.schema },
  canOmit: true,
  isDeterministic: true,
  read: (input) => {
    const offset = input.offset;
    const length = input.readInt();
    if (length < -1) throw input.fail(`length ${length} of a text`, offset);
    return length === -1 ? null : input.readUtf8(length);
  },
  write: (output, value) => {
    if (value === null || value === undefined) output.writeInt(-1);
    else text.write(output, value);
  },
};
