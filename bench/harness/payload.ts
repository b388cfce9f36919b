const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const PATTERN_BYTES = 65_521;

/** Letters and digits from a fixed seed: the same in both processes, and the same length as a string and as bytes. */
export function payload(bytes: number): Buffer {
  const pattern = Buffer.alloc(PATTERN_BYTES);
  let state = 0x9e3779b9;
  for (let i = 0; i < PATTERN_BYTES; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    pattern[i] = ALPHABET.charCodeAt(state >>> 26);
  }
  return Buffer.allocUnsafeSlow(bytes).fill(pattern);
}
