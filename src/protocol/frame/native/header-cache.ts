import { VariableHeader } from './variable-header.ts';

/** Entries of the cache. Direct-mapped: a new header takes the place of the old one with the same hash. */
const ENTRIES = 256;

/** Longer headers are parsed anew each time, so that the cache holds at most 256 KiB whatever peers send. */
const MAX_CACHED_BYTES = 1024;

interface Entry {
  readonly words: DataView;
  readonly size: number;
  readonly request: boolean;
  readonly header: VariableHeader;
}

/**
 * Remembers variable headers by their bytes: most frames of a conversation repeat one of a few. An object of one endpoint, shared by its channels.
 *
 * A header is kept when it comes a second time: those with a trace id of their own do not push out the others.
 *
 * @see performance.md L7
 */
export class HeaderCache {
  readonly #entries: (Entry | undefined)[] = new Array<Entry | undefined>(ENTRIES).fill(undefined);
  /** The hash last seen for each entry. */
  readonly #seen = new Int32Array(ENTRIES);

  /**
   * The header that stands at `at`.
   *
   * @param words over the whole memory of `bytes`, which begin at `base` in it. @memory borrowed; what is kept is copied
   * @throws ERR_DECODE
   */
  // hot: frame/decode
  get(bytes: Buffer, words: DataView, base: number, at: number, size: number, request: boolean): VariableHeader {
    if (size > MAX_CACHED_BYTES) return new VariableHeader(bytes, request, at, at + size);
    const wordsAt = base + at;
    const hashed = hash(words, wordsAt, size);
    const index = (hashed ^ (hashed >>> 15)) & (ENTRIES - 1);
    const entry = this.#entries[index];
    if (entry !== undefined && entry.size === size && entry.request === request && equal(entry.words, words, wordsAt, size)) {
      return entry.header;
    }
    const header = new VariableHeader(bytes, request, at, at + size);
    if (this.#seen[index] === hashed) {
      const copy = new Uint8Array(bytes.subarray(at, at + size));
      this.#entries[index] = { words: new DataView(copy.buffer), size, request, header };
    }
    this.#seen[index] = hashed;
    return header;
  }
}

/** Mixes the size with the first, the middle and the last word: header values differ in the middle, actions at the end. */
function hash(words: DataView, at: number, size: number): number {
  if (size < 4) return size;
  const last = words.getInt32(at + size - 4);
  const middle = words.getInt32(at + ((size - 4) >> 1));
  return Math.imul(words.getInt32(at) ^ Math.imul(middle, 0x9e3779b1) ^ last, 0x85ebca6b) ^ size;
}

/** Four words a step: most headers are settled in three. */
function equal(kept: DataView, words: DataView, at: number, size: number): boolean {
  let i = 0;
  for (; i + 16 <= size; i += 16) {
    const differs =
      (kept.getInt32(i) ^ words.getInt32(at + i)) |
      (kept.getInt32(i + 4) ^ words.getInt32(at + i + 4)) |
      (kept.getInt32(i + 8) ^ words.getInt32(at + i + 8)) |
      (kept.getInt32(i + 12) ^ words.getInt32(at + i + 12));
    if (differs !== 0) return false;
  }
  for (; i < size; i++) if (kept.getUint8(i) !== words.getUint8(at + i)) return false;
  return true;
}
