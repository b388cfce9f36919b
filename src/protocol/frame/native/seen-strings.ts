import type { FastBuffer } from '../../wire/fast-buffer.ts';
import { sameBytes, spread, copyForComparing } from './same-bytes.ts';

/** Names beyond this position in a header are not remembered. */
const MAX_NAMES = 16;

/** Longest header whose names are remembered. */
const MAX_HEADER_BYTES = 1024;

/** Longest action that is remembered: at most 256 KiB are kept in all. */
const MAX_ACTION_BYTES = 256;

/** Upper bound of actions remembered: twice as many as a node has. The oldest makes room for the next. */
const ACTIONS = 1024;

interface SeenAction {
  readonly words: DataView;
  readonly size: number;
  readonly action: string;
}

/**
 * The names and actions that headers last had. A string that comes again is replaced by the one that came before, whose hash the engine knows and which it
 * need not look up as a key. Belongs to one endpoint.
 *
 * @see performance.md L7
 */
export class SeenStrings {
  /** Names of the last headers that were read, by position. */
  names: readonly string[] = [];
  readonly #actions = new Map<number, SeenAction>();

  /** Remembers the names of an object's fields. Keys do not keep the header in memory. */
  see(headers: object, headerBytes: number): void {
    const names = Object.keys(headers);
    if (names.length <= MAX_NAMES && headerBytes <= MAX_HEADER_BYTES) this.names = names;
  }

  /**
   * Returns the action at `at`, which is ASCII.
   *
   * @param words view over the whole memory of `bytes`, which begin at `base` in it. @memory borrowed
   */
  // hot: frame/decode
  action(bytes: Buffer, words: DataView, base: number, at: number, size: number): string {
    if (size < 4 || size > MAX_ACTION_BYTES) return (bytes as FastBuffer).latin1Slice(at, at + size);
    const from = base + at;
    const hash = hashOf(words, from, size);
    const known = this.#actions.get(hash);
    if (known !== undefined && known.size === size && sameBytes(known.words, words, from, size)) return known.action;
    const action = (bytes as FastBuffer).latin1Slice(at, at + size);
    if (known === undefined && this.#actions.size === ACTIONS) this.#actions.delete(this.#actions.keys().next().value as number);
    this.#actions.set(hash, { words: copyForComparing(bytes.subarray(at, at + size)), size, action });
    return action;
  }
}

/** Mixes the beginning, the middle and the end: similar names differ in one of them. */
function hashOf(words: DataView, at: number, size: number): number {
  const middle = words.getInt32(at + ((size - 4) >> 1));
  return spread(Math.imul(Math.imul(words.getInt32(at) ^ size, 31) + middle, 31) + words.getInt32(at + size - 4));
}
