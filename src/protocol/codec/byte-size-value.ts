import type { Codec } from './codec.ts';
import { enumeration, struct } from './combinators.ts';
import { anyZLong } from './primitives.ts';

/** Units of a {@link ByteSizeValue}, by their ordinal. */
export const BYTE_SIZE_UNITS = ['BYTES', 'KB', 'MB', 'GB', 'TB', 'PB'] as const satisfies readonly ByteSizeUnit[];

/** Unit of a {@link ByteSizeValue}: each is 1024 of the one before. */
export type ByteSizeUnit = 'BYTES' | 'KB' | 'MB' | 'GB' | 'TB' | 'PB';

/** A size in its own unit, so that it is printed as it was written: `{ size: 10, unit: 'MB' }`; −1 bytes is "not set". */
export interface ByteSizeValue {
  readonly size: number | bigint;
  readonly unit: ByteSizeUnit;
}

/** `zLong` size in its own unit, `enum` unit. @see wire-format.md §8.5 */
export const byteSizeValue: Codec<ByteSizeValue> = struct(
  { size: anyZLong, unit: enumeration('byte size unit', BYTE_SIZE_UNITS) },
  'ByteSizeValue',
);

/** A size in bytes. */
export function toByteCount({ size, unit }: ByteSizeValue): number {
  return Number(size) * 1024 ** BYTE_SIZE_UNITS.indexOf(unit);
}
