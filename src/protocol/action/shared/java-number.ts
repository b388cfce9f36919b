import { StatusError } from '../../error/status-error.ts';

// Numbers as the parsers of Java read them and as Java prints them.

/** The error of Java's parsers of numbers. */
function numberFormat(reason: string): StatusError {
  return new StatusError(400, 'number_format_exception', reason);
}

/**
 * Parses digits with an optional sign, as `Integer.parseInt` (32) and `Long.parseLong` (64) do.
 *
 * @throws StatusError `number_format_exception`, also for a number out of range
 */
export function parseJavaInteger(text: string, bits: 32 | 64): bigint {
  // 39 digits are more than any number in range has, leading zeros aside.
  if (/^[+-]?\d+$/.test(text) && text.length < 1_000) {
    const value = BigInt(text.replace(/^\+/, ''));
    if (value === BigInt.asIntN(bits, value)) return value;
  }
  throw numberFormat(`For input string: "${text}"`);
}

const FLOAT = /^[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?)$/;

/** Returns whether `Double.parseDouble` accepts a text. Hexadecimal forms are not known here. */
export function isJavaFloat(text: string): boolean {
  return FLOAT.test(text.trim());
}

/**
 * Parses a decimal number with spaces around it and an optional suffix `f` or `d`, as `Float.parseFloat` and `Double.parseDouble` do.
 *
 * @throws StatusError `number_format_exception`
 */
export function parseJavaFloat(text: string, isSingle: boolean): number {
  const trimmed = text.trim();
  if (trimmed === '') throw numberFormat('empty String');
  if (!isJavaFloat(text)) throw numberFormat(`For input string: "${trimmed}"`);
  const value = Number(trimmed.replace(/(\d|\.)[fFdD]$/, '$1'));
  return isSingle ? Math.fround(value) : value;
}

/** Returns a float or double as Java prints it: `100.0`, `1.4E-45`. @see `Double.toString` of Java 19 and later */
export function javaFloatText(value: number, isSingle: boolean): string {
  if (!Number.isFinite(value) || value === 0) return Object.is(value, -0) ? '-0.0' : value === 0 ? '0.0' : String(value);
  const [digits, exponent] = shortest(Math.abs(value), isSingle);
  const sign = value < 0 ? '-' : '';
  if (exponent >= -3 && exponent < 7) return sign + plain(digits, exponent);
  return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${exponent}`;
}

/** The fewest digits that make the value again, at least two for the least ones, and the exponent of the first. */
function shortest(value: number, isSingle: boolean): [digits: string, exponent: number] {
  const isSame = (text: string): boolean => (isSingle ? Math.fround(Number(text)) : Number(text)) === value;
  let precision = 2;
  while (precision < 17 && !isSame(value.toExponential(precision - 1))) precision++;
  const [mantissa, exponent] = value.toExponential(precision - 1).split('e') as [string, string];
  return [mantissa.replace('.', '').replace(/0+$/, ''), Number(exponent)];
}

function plain(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const padded = digits.padEnd(exponent + 1, '0');
  return `${padded.slice(0, exponent + 1)}.${padded.slice(exponent + 1) || '0'}`;
}

/** Returns a number where it is exact, and a bigint otherwise. */
export function safeInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
