import type { FastBuffer } from '../../wire/fast-buffer.ts';
import { sameBytes, wordsOf } from './same-bytes.ts';

/** Names beyond this place in a header are not remembered. */
const MAX_NAMES = 16;

/** Longer headers and actions leave nothing here. */
const MAX_BYTES = 1024;

/** Actions remembered. Direct-mapped by length and two letters. */
const ACTIONS = 32;

interface SeenAction {
  readonly words: DataView;
  readonly size: number;
  readonly action: string;
}

/**
 * The names and actions that headers last had. A string that comes again is the one that came before: its hash is known, and as a key it need
 * not be looked for among all strings there are. An object of one endpoint.
 *
 * @see performance.md L7
 */
export class SeenStrings {
  /** Names of the last headers that were read, by place. */
  names: readonly string[] = [];
  readonly #actions: (SeenAction | undefined)[] = new Array<SeenAction | undefined>(ACTIONS).fill(undefined);

  /** Remembers the names of an object's fields. Keys are strings of their own: they hold no header in memory. */
  see(headers: object, headerBytes: number): void {
    const names = Object.keys(headers);
    if (names.length <= MAX_NAMES && headerBytes <= MAX_BYTES) this.names = names;
  }

  /**
   * An action in ASCII.
   *
   * @param words over the whole memory of `bytes`, which begin at `base` in it. @memory borrowed
   */
  // hot: frame/decode
  action(bytes: Buffer, words: DataView, base: number, at: number, size: number): string {
    if (size === 0) return '';
    const from = base + at;
    const place = (size + words.getUint8(from + (size >> 1)) + words.getUint8(from + size - 1)) & (ACTIONS - 1);
    const known = this.#actions[place];
    if (known !== undefined && known.size === size && sameBytes(known.words, words, from, size)) return known.action;
    const action = (bytes as FastBuffer).latin1Slice(at, at + size);
    if (size <= MAX_BYTES) this.#actions[place] = { words: wordsOf(bytes.subarray(at, at + size)), size, action };
    return action;
  }
}
