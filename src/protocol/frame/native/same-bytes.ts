/**
 * Returns whether bytes equal those kept. Compares two words per step and stops at the first difference.
 *
 * @param kept of `size` bytes, made by {@link copyForComparing}
 * @param words view over the memory in which the other bytes begin at `at`
 */
// hot: frame/decode
export function sameBytes(kept: DataView, words: DataView, at: number, size: number): boolean {
  const whole = size & ~7;
  for (let i = 0; i < whole; i += 8) {
    // In the machine's own byte order, which saves swapping.
    const first = kept.getInt32(i, true) ^ words.getInt32(at + i, true);
    const second = kept.getInt32(i + 4, true) ^ words.getInt32(at + i + 4, true);
    if ((first | second) !== 0) return false;
  }
  for (let i = whole; i < size; i++) if (kept.getUint8(i) !== words.getUint8(at + i)) return false;
  return true;
}

/** Returns a copy of some bytes to compare others with. */
export function copyForComparing(bytes: Uint8Array): DataView {
  return new DataView(new Uint8Array(bytes).buffer);
}

/**
 * Spreads a hash over all its bits. Products carry upwards only: without this, differences in the first bytes of the last word do not reach the low
 * bits, which choose the group.
 */
// hot: frame/decode
export function spread(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  return mixed ^ (mixed >>> 13);
}
