import { UsageError } from '../error/transport-error.ts';
import { COST } from '../wire/allowance.ts';
import { MAX_BIG_INTEGER_DIGITS } from '../wire/limits.ts';
import type { StreamInput } from '../wire/stream-input.ts';
import type { Codec } from './codec.ts';

const DECIMAL = /^[+-]?\d+$/;

/** Digits at which parsing costs twice as much per digit as it does for a few. */
const DIGITS_PER_DOUBLING = 500;

/** An integer of any size in decimal, undefined for other text and beyond {@link MAX_BIG_INTEGER_DIGITS}. */
function parseBigInteger(text: string): bigint | undefined {
  if (text.length > MAX_BIG_INTEGER_DIGITS || !DECIMAL.test(text)) return undefined;
  return BigInt(text.startsWith('+') ? text.slice(1) : text);
}

function readBigInteger(input: StreamInput): bigint {
  const offset = input.offset;
  const text = input.readString();
  // Beyond some hundred digits parsing takes more than linear time: 10 000 digits take sixty times as long as 1 000.
  input.spend(COST.string + text.length + Math.floor((text.length * text.length) / DIGITS_PER_DOUBLING));
  const value = parseBigInteger(text);
  if (value === undefined) throw input.fail(`expected a decimal integer of up to ${MAX_BIG_INTEGER_DIGITS} digits`, offset);
  return value;
}

/** `str` decimal. @see wire-format.md §8.5 */
export const bigInteger: Codec<bigint> = {
  schema: {
    kind: 'custom',
    name: 'bigInteger',
    toForm: (value: bigint) => String(value),
    fromForm: (form) => {
      const value = typeof form === 'number' && Number.isSafeInteger(form) ? BigInt(form) : parseBigInteger(String(form));
      if (value === undefined) throw new UsageError('ERR_USAGE', {}, `expected a decimal integer, got '${String(form)}'`);
      return value;
    },
  },
  read: readBigInteger,
  write: (output, value) => {
    if (typeof value !== 'bigint') throw new UsageError('ERR_USAGE', {}, `expected a bigint, got ${typeof value}`);
    output.writeString(String(value));
  },
};
