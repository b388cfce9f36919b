/**
 * Takes exact numbers of bytes from a stream of chunks.
 *
 * @memory what it gives is owned by the caller; chunks are kept until they are used up
 */
export class ByteSource {
  readonly #chunks: AsyncIterator<Buffer>;
  #held: Buffer[];
  #size: number;
  #ended: boolean;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#held = [];
    this.#size = 0;
    this.#ended = false;
  }

  /** The next `count` bytes, which stay; fewer only at the end. */
  async peek(count: number): Promise<Buffer> {
    while (this.#size < count && !this.#ended) await this.#pull();
    return this.#joined(count).subarray(0, count);
  }

  /** All bytes that are held, `count` at least; fewer only at the end. They stay: {@link skip} drops them. */
  async fill(count: number): Promise<Buffer> {
    while (this.#size < count && !this.#ended) await this.#pull();
    return this.#joined(this.#size);
  }

  /** The next `count` bytes; fewer only at the end. */
  async take(count: number): Promise<Buffer> {
    const taken = await this.peek(count);
    this.#drop(taken.length);
    return taken;
  }

  /** Passes over `count` bytes without holding them. */
  async skip(count: number): Promise<void> {
    for (let left = count; left > 0; ) {
      if (this.#size === 0) await this.#pull();
      if (this.#size === 0) return;
      const step = Math.min(left, this.#size);
      this.#drop(step);
      left -= step;
    }
  }

  /** What is left, as it comes. */
  async *rest(): AsyncGenerator<Buffer, void, undefined> {
    for (;;) {
      const held = this.#held;
      this.#held = [];
      this.#size = 0;
      yield* held;
      if (this.#ended) return;
      await this.#pull();
    }
  }

  async #pull(): Promise<void> {
    const { done, value } = await this.#chunks.next();
    if (done === true) {
      this.#ended = true;
      return;
    }
    const chunk = Buffer.from(value.buffer, value.byteOffset, value.length);
    this.#held.push(chunk);
    this.#size += chunk.length;
  }

  /** The first chunk, made to hold `count` bytes if there are as many. */
  #joined(count: number): Buffer {
    const [first] = this.#held;
    if (first === undefined) return Buffer.alloc(0);
    if (first.length >= count || this.#held.length === 1) return first;
    const joined = Buffer.concat(this.#held, this.#size);
    this.#held = [joined];
    return joined;
  }

  #drop(count: number): void {
    let left = count;
    while (left > 0) {
      const first = this.#held[0] as Buffer;
      if (first.length > left) {
        this.#held[0] = first.subarray(left);
        break;
      }
      left -= first.length;
      this.#held.shift();
    }
    this.#size -= count;
  }
}
