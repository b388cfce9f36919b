const NOTHING = Buffer.alloc(0);

/** The beginning of something that straddles chunks, until as much is there as is wanted. */
export class Carry {
  /** What is held: the first {@link size} bytes. @memory written again by the next {@link begin} */
  bytes: Buffer = NOTHING;
  size = 0;
  #wanted = 0;
  #view: DataView | null = null;

  /** Over the whole memory of {@link bytes}. */
  get view(): DataView {
    this.#view ??= new DataView(this.bytes.buffer);
    return this.#view;
  }

  /** True when what is wanted is there. */
  get complete(): boolean {
    return this.size >= this.#wanted;
  }

  /** Starts anew: so many bytes are wanted. */
  begin(wanted: number): void {
    this.size = 0;
    this.want(wanted);
  }

  /** More is wanted than before; what is held stays. */
  want(bytes: number): void {
    this.#wanted = bytes;
    if (this.bytes.length >= bytes) return;
    const larger = Buffer.allocUnsafe(Math.max(bytes, 256));
    this.bytes.copy(larger, 0, 0, this.size);
    this.bytes = larger;
    this.#view = null;
  }

  /** Takes what is wanted from a chunk, as far as it goes. @returns how many bytes */
  take(chunk: Buffer, at: number, end: number): number {
    const count = Math.min(end - at, this.#wanted - this.size);
    if (count <= 0) return 0;
    chunk.copy(this.bytes, this.size, at, at + count);
    this.size += count;
    return count;
  }

  /** Forgets what is held. Memory of a giant is not kept for as long as the connection lives. */
  clear(keepBytes: number): void {
    this.size = 0;
    if (this.bytes.length <= keepBytes) return;
    this.bytes = NOTHING;
    this.#view = null;
  }
}
