const NOTHING = Buffer.alloc(0);

/** Up to so many bytes, memory for what is wanted is made at once; for more it grows as bytes come, because a peer can announce a long header. */
const AT_ONCE_BYTES = 16 * 1024;

/** Collects the beginning of a header or body that straddles chunks, until as much is there as is wanted. */
export class Carry {
  /** The bytes held: the first {@link size} of them. @memory overwritten after the next {@link begin} */
  bytes: Buffer = NOTHING;
  size = 0;
  #wanted = 0;
  #view: DataView | null = null;

  /** A view over the whole memory of {@link bytes}. */
  get view(): DataView {
    this.#view ??= new DataView(this.bytes.buffer);
    return this.#view;
  }

  /** True when as many bytes are held as are wanted. */
  get complete(): boolean {
    return this.size >= this.#wanted;
  }

  /** Starts again, empty. @param wanted bytes */
  begin(wanted: number): void {
    this.size = 0;
    this.want(wanted);
  }

  /** Raises the number of bytes wanted and keeps what is held. */
  want(bytes: number): void {
    this.#wanted = bytes;
    this.#hold(Math.min(bytes, AT_ONCE_BYTES));
  }

  #hold(bytes: number): void {
    if (this.bytes.length >= bytes) return;
    const larger = Buffer.allocUnsafe(Math.max(bytes, 256));
    this.bytes.copy(larger, 0, 0, this.size);
    this.bytes = larger;
    this.#view = null;
  }

  /** Copies from a chunk what is still wanted. @returns the number of bytes copied */
  take(chunk: Buffer, at: number, end: number): number {
    const count = Math.min(end - at, this.#wanted - this.size);
    if (count <= 0) return 0;
    const size = this.size + count;
    if (size > this.bytes.length) this.#hold(Math.min(this.#wanted, Math.max(size, 2 * this.bytes.length)));
    chunk.copy(this.bytes, this.size, at, at + count);
    this.size = size;
    return count;
  }

  /** Empties the carry. Memory of more than `keepBytes` is let go, because connections live long. */
  clear(keepBytes: number): void {
    this.size = 0;
    if (this.bytes.length <= keepBytes) return;
    this.bytes = NOTHING;
    this.#view = null;
  }
}
