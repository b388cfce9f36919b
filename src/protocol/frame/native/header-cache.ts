import { VariableHeader } from './variable-header.ts';

/** Entries of the cache. Direct-mapped: a new header takes the place of the old one with the same hash. */
const ENTRIES = 256;

/** Longer headers are parsed anew each time, so that the cache holds at most 256 KiB whatever peers send. */
const MAX_CACHED_BYTES = 1024;

interface Entry {
  readonly view: DataView;
  readonly size: number;
  readonly request: boolean;
  readonly header: VariableHeader;
}

/**
 * Remembers variable headers by their bytes: most frames of a conversation repeat one of a few. An object of one endpoint, shared by its channels.
 *
 * @see performance.md L7
 */
export class HeaderCache {
  readonly #entries: (Entry | undefined)[] = new Array<Entry | undefined>(ENTRIES).fill(undefined);

  /**
   * The header that stands at `at`.
   *
   * @param view of `bytes`. @memory borrowed; what is kept is copied
   * @throws ERR_DECODE
   */
  // hot: frame/decode
  get(bytes: Buffer, view: DataView, at: number, size: number, request: boolean): VariableHeader {
    if (size > MAX_CACHED_BYTES) return new VariableHeader(Buffer.from(bytes.subarray(at, at + size)), request);
    const index = hash(view, at, size);
    const entry = this.#entries[index];
    if (entry !== undefined && entry.size === size && entry.request === request && equal(entry.view, view, at, size)) return entry.header;
    return this.#add(index, Buffer.from(bytes.subarray(at, at + size)), request);
  }

  #add(index: number, copy: Buffer, request: boolean): VariableHeader {
    const header = new VariableHeader(copy, request);
    const view = new DataView(copy.buffer, copy.byteOffset, copy.length);
    this.#entries[index] = { view, size: copy.length, request, header };
    return header;
  }
}

/** Mixes the size with the first, the middle and the last word: header values differ in the middle, actions at the end. */
function hash(view: DataView, at: number, size: number): number {
  if (size < 4) return size;
  const last = view.getInt32(at + size - 4);
  const middle = view.getInt32(at + ((size - 4) >> 1));
  const mixed = Math.imul(view.getInt32(at) ^ Math.imul(middle, 0x9e3779b1) ^ last, 0x85ebca6b) ^ size;
  return (mixed ^ (mixed >>> 15)) & (ENTRIES - 1);
}

function equal(a: DataView, b: DataView, at: number, size: number): boolean {
  let i = 0;
  for (; i + 4 <= size; i += 4) if (a.getInt32(i) !== b.getInt32(at + i)) return false;
  for (; i < size; i++) if (a.getUint8(i) !== b.getUint8(at + i)) return false;
  return true;
}
