import { COST } from '../wire/allowance.ts';

/** Cost of a field of a message: its value, or what is kept of it where the schema does not know it. */
const FIELD_COST = COST.bytes;

/** Cost of each byte where the fields cannot be counted: in groups, and in messages inside. */
const BYTE_COST = 64;

/**
 * Returns what a protobuf message costs, counted by the fields on its first level.
 *
 * @param nested numbers of the fields that hold messages
 */
export function protobufCost(bytes: Uint8Array, nested: ReadonlySet<number>): number {
  let cost = COST.map;
  let at = 0;
  while (at < bytes.length) {
    const [tag, valueAt] = varint(bytes, at);
    const [size, end] = extent(bytes, tag & 7, valueAt);
    cost += FIELD_COST + (nested.has(tag >>> 3) ? size * BYTE_COST : size);
    at = end;
  }
  return cost;
}

/** Returns the number of bytes of a value and where they end. A group, which has an end of its own, takes all bytes left. */
function extent(bytes: Uint8Array, wireType: number, at: number): [size: number, end: number] {
  switch (wireType) {
    case 0:
      return [0, varint(bytes, at)[1]];
    case 1:
      return [0, at + 8];
    case 2: {
      const [announced, start] = varint(bytes, at);
      const size = Math.min(announced, bytes.length - start);
      return [size, start + size];
    }
    case 5:
      return [0, at + 4];
    default:
      return [(bytes.length - at) * BYTE_COST, bytes.length];
  }
}

/** Returns the low 32 bits of a varint and where it ends. */
function varint(bytes: Uint8Array, start: number): [value: number, end: number] {
  let value = 0;
  let at = start;
  for (let shift = 0; at < bytes.length; shift += 7) {
    const byte = bytes[at++] as number;
    if (shift < 32) value |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return [value >>> 0, at];
}
