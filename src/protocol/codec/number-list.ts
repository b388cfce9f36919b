import { COST } from '../wire/allowance.ts';
import { readAnyLongs, readDoubles, readFloats, readLongs, readLongs64 } from '../wire/number-array.ts';
import type { StreamInput } from '../wire/stream-input.ts';
import { type AnyCodec, underPath } from './codec.ts';
import { anyLong, anyVLong, anyZLong, double, float, long, long64, vLong, vLong64, zLong, zLong64 } from './primitives.ts';

/** How a list of numbers is read as a whole: one by one it takes five times as long, and the engine gives each number memory of its own. */
export interface NumberList {
  /** Bytes of each number. */
  readonly width: number;
  /** Reads so many numbers, for whose elements the list has been charged. */
  readonly read: (input: StreamInput, count: number) => unknown[];
}

/** Up to this count a list is read faster one by one: a view of its bytes takes as long as some numbers. */
export const SHORT_LIST = 24;

function readSafeLongs(input: StreamInput, count: number): number[] {
  const { offset } = input;
  const values = readLongs(input, count);
  if (values !== null) return values;
  const index = (input.offset - offset) / 8;
  try {
    return [long.read(input)];
  } catch (error) {
    throw underPath(error, `[${index}]`);
  }
}

const NUMBER_LISTS: ReadonlyMap<AnyCodec, NumberList> = new Map<AnyCodec, NumberList>([
  [float, { width: 4, read: readFloats }],
  [double, { width: 8, read: readDoubles }],
  [long, { width: 8, read: readSafeLongs }],
  [anyLong, { width: 8, read: readAnyLongs }],
  [long64, { width: 8, read: readLongs64 }],
]);

/** Integers of several bytes, which are read slowly. */
const VARIABLE: ReadonlySet<AnyCodec> = new Set<AnyCodec>([vLong, vLong64, anyVLong, zLong, zLong64, anyZLong]);

/** Returns how a list of a codec is read as a whole. Undefined if its elements are read one by one. */
export function numberListOf(codec: AnyCodec): NumberList | undefined {
  return NUMBER_LISTS.get(codec);
}

/** Returns what an element of a list costs beside what its codec charges. */
export function elementCostOf(codec: AnyCodec): number {
  return VARIABLE.has(codec) ? COST.element + COST.variable : COST.element;
}
