import type { HeaderPlace } from './header-source.ts';
import { sameBytes, spread, copyForComparing } from './same-bytes.ts';
import { SeenStrings } from './seen-strings.ts';
import { NO_HEADER, VariableHeader } from './variable-header.ts';

/** Groups of the cache. The hash of a header says which group it belongs to. */
const GROUPS = 128;

/** Slots of a group: their hashes lie in one line of the processor's cache. */
const GROUP = 16;

/** Slots of a group that may keep a header. The others are for headers that came once. */
const MOST_KEPT = 12;

/** Longest header that is cached; longer ones are parsed each time. */
const MAX_CACHED_BYTES = 1024;

/** Upper bound of the bytes of all headers kept. What is parsed from them takes about ten times as much, at worst twenty times. */
const MAX_KEPT_BYTES = 256 * 1024;

interface Entry {
  readonly words: DataView;
  readonly size: number;
  readonly request: boolean;
  readonly header: VariableHeader;
}

/** The slots of every group that keeps no header: most groups of most endpoints. Never written to. */
const NONE_KEPT: (Entry | null)[] = new Array<Entry | null>(GROUP).fill(null);

/**
 * Remembers variable headers by their bytes: most frames of a connection repeat one of a few. An object of one endpoint, shared by its channels.
 *
 * A header is kept when it comes a second time: those with a trace id of their own do not push out the others.
 *
 * @see performance.md L7
 */
export class HeaderCache {
  readonly #hashes = new Int32Array(GROUPS * GROUP);
  /** The headers that each group keeps, by slot; null for one that came once. */
  readonly #groups: (Entry | null)[][] = new Array<(Entry | null)[]>(GROUPS).fill(NONE_KEPT);
  /** Slot of the next hash of each group, modulo the size of a group. */
  readonly #turns = new Uint8Array(GROUPS);
  #keptBytes = 0;
  readonly #strings = new SeenStrings();
  /** The entry found last, which is compared first. */
  #last: Entry = NONE;

  /**
   * Returns the header at `at`.
   *
   * @param words view over the whole memory of `bytes`, which begin at `base` in it. @memory borrowed; headers that are kept are copied
   * @throws ERR_DECODE
   */
  // hot: frame/decode
  get(bytes: Buffer, words: DataView, base: number, at: number, size: number, request: boolean): VariableHeader {
    const last = this.#last;
    if (last.size === size && last.request === request && sameBytes(last.words, words, base + at, size)) return last.header;
    return this.#find({ bytes, words, base, at, size }, request);
  }

  #find(place: HeaderPlace, request: boolean): VariableHeader {
    const { words, base, at, size } = place;
    if (size > MAX_CACHED_BYTES) return new VariableHeader(place, request, this.#strings);
    const wordsAt = base + at;
    const hash = hashOf(words, wordsAt, size) ^ (request ? 1 : 0);
    const hashes = this.#hashes;
    const group = hash & (GROUPS - 1);
    const from = group * GROUP;
    let found = 0;
    while (found < GROUP && hashes[from + found] !== hash) found++;
    if (found === GROUP) {
      this.#see(group, hash);
      return new VariableHeader(place, request, this.#strings);
    }
    const entry = (this.#groups[group] as (Entry | null)[])[found] as Entry | null;
    if (entry === null) return this.#keep(group, found, place, request);
    if (entry.size === size && entry.request === request && sameBytes(entry.words, words, wordsAt, size)) {
      this.#last = entry;
      return entry.header;
    }
    // A header that differs from its entry only where the hash does not look is not kept: the next one would differ again.
    return new VariableHeader(place, request, this.#strings);
  }

  #see(group: number, hash: number): void {
    const entries = this.#groups[group] as (Entry | null)[];
    let at = this.#nextPlace(group);
    while (entries[at] !== null) at = this.#nextPlace(group);
    this.#hashes[group * GROUP + at] = hash;
  }

  #keep(group: number, at: number, place: HeaderPlace, request: boolean): VariableHeader {
    const header = new VariableHeader(place, request, this.#strings);
    const entries = this.#entriesOf(group);
    const { bytes, size } = place;
    let kept = 0;
    for (const entry of entries) if (entry !== null) kept++;
    if (kept === MOST_KEPT || (kept > 0 && this.#keptBytes + size > MAX_KEPT_BYTES)) this.#drop(group, entries);
    if (this.#keptBytes + size > MAX_KEPT_BYTES) return header;
    header.shared = true;
    Object.freeze(header.features);
    this.#keptBytes += size;
    entries[at] = { words: copyForComparing(bytes.subarray(place.at, place.at + size)), size, request, header };
    return header;
  }

  /** Returns the slots of a group, to be written to. */
  #entriesOf(group: number): (Entry | null)[] {
    const entries = this.#groups[group] as (Entry | null)[];
    if (entries !== NONE_KEPT) return entries;
    const own = Array.from(NONE_KEPT);
    this.#groups[group] = own;
    return own;
  }

  /** Drops one of the headers that a group keeps, in turn. */
  #drop(group: number, entries: (Entry | null)[]): void {
    let at = this.#nextPlace(group);
    let entry = entries[at] as Entry | null;
    for (; entry === null; entry = entries[at] as Entry | null) at = this.#nextPlace(group);
    this.#keptBytes -= entry.size;
    entries[at] = null;
  }

  #nextPlace(group: number): number {
    const turns = this.#turns;
    const turn = turns[group] as number;
    turns[group] = turn + 1;
    return turn & (GROUP - 1);
  }
}

/** Equals no header. */
const NONE: Entry = { words: new DataView(new ArrayBuffer(0)), size: -1, request: false, header: NO_HEADER };

/** Mixes the size with all words; with about 64 of them, evenly spread, for headers beyond 256 bytes. */
function hashOf(words: DataView, at: number, size: number): number {
  if (size < 4) return size;
  const last = at + size - 4;
  const step = Math.max(4, size >> 6);
  let hash = size;
  for (let from = at; from < last; from += step) hash = Math.imul(hash ^ words.getInt32(from), 0x9e37_79b1) ^ (hash >>> 15);
  return spread(Math.imul(hash ^ words.getInt32(last), 0x9e37_79b1) ^ (hash >>> 15));
}
