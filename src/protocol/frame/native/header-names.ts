import type { StreamOutput } from '../../wire/stream-output.ts';

/** Positions of a header whose names are remembered. */
const PLACES = 16;

/** Longest name that is remembered, in bytes with its length. */
const MAX_KEPT_BYTES = 64;

/** A name with its length in front, as on the wire. */
interface KeptName {
  readonly name: string;
  readonly words: Int32Array;
  readonly bytes: number;
}

/**
 * Names of headers in their form on the wire, by position: callers send the same names in the same order. Belongs to one endpoint, shared by its
 * channels.
 *
 * A name is kept when it comes twice in a row, so headers without a fixed order cost nothing extra.
 *
 * @see performance.md L7
 */
export class HeaderNames {
  readonly #kept: (KeptName | undefined)[] = new Array<KeptName | undefined>(PLACES).fill(undefined);
  /** The name last seen in each position. */
  readonly #seen: string[] = new Array<string>(PLACES).fill('');

  /** Writes the name of the header in this position, as `writeString` does. */
  // hot: frame/encode
  write(output: StreamOutput, place: number, name: string): void {
    const kept = place < PLACES ? this.#kept[place] : undefined;
    if (kept !== undefined && kept.name === name) output.writeWords(kept.words, kept.bytes);
    else this.#writeNew(output, place, name);
  }

  #writeNew(output: StreamOutput, place: number, name: string): void {
    const size = output.size;
    output.writeString(name);
    const { buffer, position } = output;
    const bytes = output.size - size;
    if (place >= PLACES || bytes > MAX_KEPT_BYTES) return;
    if (this.#seen[place] === name) this.#kept[place] = { name, bytes, words: bigEndianWords(buffer.subarray(position - bytes, position)) };
    this.#seen[place] = name;
  }
}

/** Returns bytes as big-endian words, the last one padded with zeros. */
function bigEndianWords(bytes: Uint8Array): Int32Array {
  const words = new Int32Array(Math.ceil(bytes.length / 4));
  for (let i = 0; i < bytes.length; i++) words[i >> 2] = (words[i >> 2] as number) | ((bytes[i] as number) << (24 - 8 * (i & 3)));
  return words;
}
