/**
 * What the values of a body cost: about the bytes of heap they take with what the engine keeps around them, or more where reading them is slow.
 * Measured, a value takes at most 1.8 times its cost in the heap. Reading takes 1 to 5 ns for each byte of cost.
 */
export const COST = {
  /** A string without its text. */
  string: 32,
  /** A Buffer without its bytes. */
  bytes: 128,
  /** An object without its fields. */
  object: 32,
  field: 8,
  /** An empty list, and what the first element adds. */
  list: 16,
  firstElement: 64,
  element: 16,
  /** What a bigint of 64 bits adds to its field or element. */
  bigint: 32,
  /** What a variable-length integer of 64 bits adds to its element, and to a bigint. */
  variable: 32,
  /** An empty object whose members are named by the peer, and each member. */
  map: 64,
  entry: 256,
  /** An exception in both of its forms: as it was read, and as errors show it. */
  exception: 640,
  /** A set of names that is made into a list. */
  set: 256,
} as const;

/** Cost that every body may have, however short it is. */
const FREE_COST = 1024 * 1024;

/** Cost that each byte of a body adds to it. */
export const COST_PER_BYTE = 32;

/** Largest allowance: one that is counted down without a box. */
const MOST = 0x3fff_ffff;

/** Returns what the values of a body may cost. @param most upper bound, `maxDecodedBytes` */
export function allowanceOf(bodyBytes: number, most: number): number {
  const limit = most < MOST ? most : MOST;
  return bodyBytes * COST_PER_BYTE + FREE_COST < limit ? bodyBytes * COST_PER_BYTE + FREE_COST : limit;
}

/** Cost that every compressed body of a stranger may have, and what each of its bytes adds: equal documents come to 900. */
const FREE_COST_COMPRESSED = 128 * 1024;
const COST_PER_COMPRESSED_BYTE = 1024;

/**
 * Returns what the values of a body may cost that came compressed from a peer that connected to this end: a few hundred bytes, which cost their sender
 * nothing, inflate to a hundred thousand.
 */
export function allowanceOfCompressed(compressedBytes: number): number {
  return compressedBytes * COST_PER_COMPRESSED_BYTE + FREE_COST_COMPRESSED;
}
