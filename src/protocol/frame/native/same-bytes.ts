/**
 * True when some bytes are the same as those kept. Two words a step; what differs early is settled early.
 *
 * @param kept of `size` bytes, made by {@link wordsOf}
 * @param words over the memory in which the others begin at `at`
 */
// hot: frame/decode
export function sameBytes(kept: DataView, words: DataView, at: number, size: number): boolean {
  const whole = size & ~7;
  for (let i = 0; i < whole; i += 8) {
    // In the machine's own order, which saves turning them round.
    const first = kept.getInt32(i, true) ^ words.getInt32(at + i, true);
    const second = kept.getInt32(i + 4, true) ^ words.getInt32(at + i + 4, true);
    if ((first | second) !== 0) return false;
  }
  for (let i = whole; i < size; i++) if (kept.getUint8(i) !== words.getUint8(at + i)) return false;
  return true;
}

/** A copy of some bytes to compare with. */
export function wordsOf(bytes: Uint8Array): DataView {
  return new DataView(new Uint8Array(bytes).buffer);
}

/**
 * Spreads a hash over all its bits. Products carry upwards only: without it, what differs in the first bytes of the last word is not seen in the low bits,
 * which places are taken from.
 */
// hot: frame/decode
export function spread(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  return mixed ^ (mixed >>> 13);
}
