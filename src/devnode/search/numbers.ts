import { RawJson } from '../../protocol/rest/json.ts';

/** Significant digits that tell every 32-bit floating-point number from the others. */
const FLOAT_DIGITS = 9;

/** Returns a 64-bit floating-point number as Java prints it: `20.0`. */
export function double(value: number): RawJson {
  return new RawJson(javaDigits(String(value), value));
}

/** Returns a 32-bit floating-point number as Java prints it, with as few digits as tell it from others. */
export function float(value: number): RawJson {
  const single = Math.fround(value);
  for (let digits = 1; digits <= FLOAT_DIGITS; digits++) {
    const text = String(Number(single.toPrecision(digits)));
    if (Math.fround(Number(text)) === single) return new RawJson(javaDigits(text, single));
  }
  return new RawJson(javaDigits(String(single), single));
}

function javaDigits(text: string, value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  return /[.e]/.test(text) ? text : `${text}.0`;
}
