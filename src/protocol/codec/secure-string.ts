import { UsageError } from '../error/transport-error.ts';
import type { Codec } from './codec.ts';

function utf8Length(value: string): number {
  if (typeof value !== 'string') throw new UsageError('ERR_USAGE', {}, `expected a string, got ${typeof value}`);
  return Buffer.byteLength(value);
}

/** vInt byte length, then real UTF-8. @see wire-format.md §8.3 */
export const secureString: Codec<string> = {
  schema: { kind: 'secureString' },
  read: (input) => input.readUtf8(input.readCount()),
  write: (output, value) => {
    output.writeVInt(utf8Length(value));
    output.writeUtf8(value);
  },
};

/** vInt 0 for null, else the byte length + 1, then real UTF-8. @see wire-format.md §8.3 */
export const optionalSecureString: Codec<string | null, string | null | undefined> = {
  schema: { kind: 'optional', of: secureString.schema },
  canOmit: true,
  read: (input) => {
    const offset = input.offset;
    const plusOne = input.readVInt();
    if (plusOne < 0) throw input.fail(`length ${plusOne} of a secure string`, offset);
    return plusOne === 0 ? null : input.readUtf8(plusOne - 1);
  },
  write: (output, value) => {
    if (value === null || value === undefined) {
      output.writeVInt(0);
    } else {
      output.writeVInt(utf8Length(value) + 1);
      output.writeUtf8(value);
    }
  },
};
