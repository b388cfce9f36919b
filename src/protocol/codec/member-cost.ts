import { COST } from '../wire/allowance.ts';
import type { StreamInput } from '../wire/stream-input.ts';

/** Longest text of an index of an array. */
const MAX_DIGITS = 10;

/** Below this index the engine makes room for all elements before it, whether they are there or not. */
const DENSE = 512;

const ZERO = 0x30;
const NINE = 0x39;

/** Reads the key of a member of a map, and charges what a key that looks like an index costs: `{ "300": true }` takes 4 KiB. */
export function readKey(input: StreamInput): string {
  const key = input.readString();
  const first = key.charCodeAt(0);
  if (first >= ZERO && first <= NINE && key.length <= MAX_DIGITS) input.spend(indexCost(Number(key)));
  return key;
}

function indexCost(index: number): number {
  return index < DENSE ? index * COST.field : 2 * COST.entry;
}
