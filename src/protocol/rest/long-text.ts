import { narrow } from '../wire/stream-input.ts';
import { illegalArgument } from './refusals.ts';

const LONG = /^[+-]?\d{1,19}$/;

/** The 64-bit integer a text is: a number, or a bigint beyond 2⁵³. @returns undefined for other texts */
export function parseLong(text: string): number | bigint | undefined {
  if (!LONG.test(text)) return undefined;
  const value = BigInt(text.replace('+', ''));
  return BigInt.asIntN(64, value) === value ? narrow(value) : undefined;
}

/** The 32-bit integer a text is. @returns undefined for other texts */
export function parseInt32(text: string): number | undefined {
  const value = Number(parseLong(text) ?? Number.NaN);
  return (value | 0) === value ? value : undefined;
}

/** The 64-bit integer a text is. @throws StatusError 400 */
export function longFrom(text: string): number | bigint {
  const value = parseLong(text);
  if (value === undefined) throw illegalArgument(`Value [${text}] is out of range for a long`);
  return value;
}
