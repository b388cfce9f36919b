import { UsageError } from '../error/transport-error.ts';
import { COST } from '../wire/allowance.ts';
import { MAX_BIG_INTEGER_DIGITS } from '../wire/limits.ts';
import type { StreamInput } from '../wire/stream-input.ts';
import type { Codec } from './codec.ts';

const DECIMAL = /^[+-]?\d+$/;

/** Digits at which parsing costs twice as much per digit as it does for a few. */
const DIGITS_PER_DOUBLING = 500;

/** Digits that are parsed at once. The time for a number grows with the square of its digits, so a longer one is parsed in parts. */
const PART_DIGITS = 1250;

/** 10 to the power of `PART_DIGITS << n`, made when first wanted. */
const POWERS: bigint[] = [];

/** An integer of any size in decimal, undefined for other text and beyond {@link MAX_BIG_INTEGER_DIGITS}. */
function parseBigInteger(text: string): bigint | undefined {
  if (text.length > MAX_BIG_INTEGER_DIGITS || !DECIMAL.test(text)) return undefined;
  const digits = text.startsWith('+') || text.startsWith('-') ? text.slice(1) : text;
  const value = parseDigits(digits);
  return text.startsWith('-') ? -value : value;
}

function parseDigits(digits: string): bigint {
  if (digits.length <= PART_DIGITS) return BigInt(digits);
  let step = 0;
  while (PART_DIGITS << (step + 1) < digits.length) step++;
  const low = PART_DIGITS << step;
  POWERS[step] ??= 10n ** BigInt(low);
  const at = digits.length - low;
  return parseDigits(digits.slice(0, at)) * (POWERS[step] as bigint) + parseDigits(digits.slice(at));
}

function readBigInteger(input: StreamInput): bigint {
  const offset = input.offset;
  const text = input.readString();
  // Beyond some hundred digits parsing takes more than linear time: 10 000 digits take forty times as long as 1 000.
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
