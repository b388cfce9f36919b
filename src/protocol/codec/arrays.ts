import type { Codec } from './codec.ts';
import { list, optional } from './combinators.ts';
import { anyLong, anyVLong, double, float, int, string, vInt } from './primitives.ts';

/** vInt count, then `i32` each. */
export const intArray: Codec<number[], readonly number[]> = list(int);

/** vInt count, then `vInt` each. */
export const vIntArray: Codec<number[], readonly number[]> = list(vInt);

/** vInt count, then `i64` each. */
export const longArray: Codec<(number | bigint)[], readonly (number | bigint)[]> = list(anyLong);

/** vInt count, then `vLong` each. */
export const vLongArray: Codec<(number | bigint)[], readonly (number | bigint)[]> = list(anyVLong);

/** vInt count, then `f32` each. */
export const floatArray: Codec<number[], readonly number[]> = list(float);

/** vInt count, then `f64` each. */
export const doubleArray: Codec<number[], readonly number[]> = list(double);

/** vInt count, then `str` each: a string array, collection or list. */
export const stringArray: Codec<string[], readonly string[]> = list(string);

/** bool, then a string array. */
export const optionalStringArray = optional(stringArray);

/** Like {@link stringArray}, where null is written as an empty array: it reads back as one. */
export const stringArrayNullable: Codec<string[], readonly string[] | null | undefined> = {
  schema: stringArray.schema,
  canOmit: true,
  read: stringArray.read,
  write: (output, values) => stringArray.write(output, values ?? []),
};
