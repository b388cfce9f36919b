import { COST } from './allowance.ts';
import type { StreamInput } from './stream-input.ts';

const TWO_32 = 0x1_0000_0000;
/** A number holds an i64 exactly if its upper word is in this range, but for −2⁵³ itself. */
const HIGH_LIMIT = 0x20_0000;

/** Returns the next bytes. They stay borrowed: no value keeps the view. */
function viewOf(input: StreamInput, size: number): DataView {
  const { lent } = input;
  const bytes = input.readBytes(size);
  input.lent = lent;
  return new DataView(bytes.buffer, bytes.byteOffset, size);
}

/** Reads f32. */
export function readFloats(input: StreamInput, count: number): number[] {
  const view = viewOf(input, count * 4);
  const values = new Array<number>(count);
  for (let i = 0; i < count; i++) values[i] = view.getFloat32(i * 4);
  return values;
}

/** Reads f64. */
export function readDoubles(input: StreamInput, count: number): number[] {
  const view = viewOf(input, count * 8);
  const values = new Array<number>(count);
  for (let i = 0; i < count; i++) values[i] = view.getFloat64(i * 8);
  return values;
}

/** Returns the index of the first i64 that a number does not hold exactly, or the count. */
function firstBeyond(view: DataView, count: number): number {
  let i = 0;
  for (; i < count; i++) {
    const high = view.getInt32(i * 8);
    if (high < -HIGH_LIMIT || high >= HIGH_LIMIT || (high === -HIGH_LIMIT && view.getInt32(i * 8 + 4) === 0)) return i;
  }
  return i;
}

function numbersOf(view: DataView, count: number): number[] {
  const values = new Array<number>(count);
  for (let i = 0; i < count; i++) values[i] = view.getInt32(i * 8) * TWO_32 + view.getUint32(i * 8 + 4);
  return values;
}

/** Reads i64 as numbers. Returns null, and stops before it, if there is one that a number does not hold exactly. */
export function readLongs(input: StreamInput, count: number): number[] | null {
  const { offset } = input;
  const view = viewOf(input, count * 8);
  const beyond = firstBeyond(view, count);
  if (beyond === count) return numbersOf(view, count);
  input.rewind(offset + beyond * 8);
  return null;
}

/**
 * Reads i64 as numbers where they are exact, otherwise as bigints. One bigint makes the engine give every number memory of its own, so each of them
 * costs as much as a bigint.
 *
 * @throws ERR_PAYLOAD_LIMIT if they cost too much
 */
export function readAnyLongs(input: StreamInput, count: number): (number | bigint)[] {
  const view = viewOf(input, count * 8);
  if (firstBeyond(view, count) === count) return numbersOf(view, count);
  input.spend(count * COST.bigint);
  const values = new Array<number | bigint>(count);
  for (let i = 0; i < count; i++) {
    const value = view.getInt32(i * 8) * TWO_32 + view.getUint32(i * 8 + 4);
    values[i] = Number.isSafeInteger(value) ? value : view.getBigInt64(i * 8);
  }
  return values;
}

/** Reads i64 as bigints. @throws ERR_PAYLOAD_LIMIT if they cost too much */
export function readLongs64(input: StreamInput, count: number): bigint[] {
  input.spend(count * COST.bigint);
  const view = viewOf(input, count * 8);
  const values = new Array<bigint>(count);
  for (let i = 0; i < count; i++) values[i] = view.getBigInt64(i * 8);
  return values;
}
