import { narrow } from '../wire/stream-input.ts';
import { illegalArgument } from './refusals.ts';

const LONG = /^[+-]?\d{1,19}$/;

/** Parses a 64-bit integer: a number, or a bigint beyond 2⁵³. @returns undefined for other text */
export function parseLong(text: string): number | bigint | undefined {
  if (!LONG.test(text)) return undefined;
  const value = BigInt(text.replace('+', ''));
  return BigInt.asIntN(64, value) === value ? narrow(value) : undefined;
}

/** Parses a 32-bit integer. @returns undefined for other text */
export function parseInt32(text: string): number | undefined {
  const value = Number(parseLong(text) ?? Number.NaN);
  return (value | 0) === value ? value : undefined;
}

/** Parses a 64-bit integer. @throws StatusError 400 for other text */
export function longFrom(text: string): number | bigint {
  const value = parseLong(text);
  if (value === undefined) throw illegalArgument(`Value [${text}] is out of range for a long`);
  return value;
}
