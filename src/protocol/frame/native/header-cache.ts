import type { HeaderPlace } from './header-source.ts';
import { sameBytes, wordsOf } from './same-bytes.ts';
import { SeenStrings } from './seen-strings.ts';
import { NO_HEADER, VariableHeader } from './variable-header.ts';

/** Entries of the cache. Direct-mapped: a new header takes the place of the old one with the same hash. */
const ENTRIES = 256;

/** Longer headers are parsed anew each time, so that the cache holds at most 256 KiB whatever peers send. */
const MAX_CACHED_BYTES = 1024;

interface Entry {
  readonly words: DataView;
  readonly size: number;
  readonly request: boolean;
  readonly hash: number;
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
  readonly #strings = new SeenStrings();
  /** What was found last: asked first. */
  #last: Entry = NONE;

  /**
   * The header that stands at `at`.
   *
   * @param words over the whole memory of `bytes`, which begin at `base` in it. @memory borrowed; what is kept is copied
   * @throws ERR_DECODE
   */
  // hot: frame/decode
  get(bytes: Buffer, words: DataView, base: number, at: number, size: number, request: boolean): VariableHeader {
    const last = this.#last;
    if (last.size === size && last.request === request && sameBytes(last.words, words, base + at, size)) return last.header;
    return this.#find({ bytes, words, base, at, size }, request);
  }

  #find(place: HeaderPlace, request: boolean): VariableHeader {
    const { bytes, words, base, at, size } = place;
    if (size > MAX_CACHED_BYTES) return new VariableHeader(place, request, this.#strings);
    const wordsAt = base + at;
    const hash = hashOf(words, wordsAt, size);
    const index = (hash ^ (hash >>> 15)) & (ENTRIES - 1);
    const entry = this.#entries[index];
    if (entry !== undefined && entry.size === size && entry.request === request && sameBytes(entry.words, words, wordsAt, size)) {
      this.#last = entry;
      return entry.header;
    }
    const header = new VariableHeader(place, request, this.#strings);
    // One that differs from its entry only where the hash does not look is new each time: it would be kept in vain.
    if (this.#seen[index] === hash && entry?.hash !== hash) this.#keep(index, hash, header, bytes.subarray(at, at + size), request);
    this.#seen[index] = hash;
    return header;
  }

  #keep(index: number, hash: number, header: VariableHeader, bytes: Uint8Array, request: boolean): void {
    header.shared = true;
    this.#entries[index] = { words: wordsOf(bytes), size: bytes.length, request, hash, header };
  }
}

/** No header is that short. */
const NONE: Entry = { words: new DataView(new ArrayBuffer(0)), size: -1, request: false, hash: 0, header: NO_HEADER };

/** Mixes the size with eight words from one end to the other: a value of 16 bytes that varies is seen in headers of up to 128. */
function hashOf(words: DataView, at: number, size: number): number {
  if (size < 4) return size;
  const span = size - 4;
  let hash = size;
  for (let i = 0; i < 8; i++) hash = Math.imul(hash ^ words.getInt32(at + Math.floor((span * i) / 7)), 0x9e37_79b1) ^ (hash >>> 15);
  return hash;
}
