/** Frees memory now, instead of at one of the next collections. @param bytes @memory given: views of the same memory are empty afterwards */
export type FreeMemory = (bytes: Buffer) => void;

/** Bytes that are collected in pieces: by then it is known well enough how large the body becomes. Joining them takes a millisecond. */
const COLLECTED_BYTES = 2 * 1024 * 1024;

/** Bytes that are moved with each chunk from memory that was too small. */
const MOVE_BYTES = 4 * 1024 * 1024;

/** Memory is made larger than the body is likely to become by one part in so many. */
const SPARE_PART = 32;

/** Memory of which less than this part is used is not kept: the rest of it would be held with the bytes. */
const WELL_USED = 0.75;

/**
 * Collects a body whose size is not known before its end. A large one is written to where it stays as it comes, so that it is never in memory twice, and
 * that joining it does not stop the event loop at the end.
 */
export class GrowingBody {
  /** Bytes of the body so far. */
  size = 0;
  readonly #most: number;
  readonly #free: FreeMemory;
  #pieces: Buffer[] = [];
  #memory: Buffer | null = null;
  /** Memory that was too small, while its bytes are moved: how many have to be, and how many were. */
  #outgrown: Buffer | null = null;
  #toMove = 0;
  #moved = 0;

  /** @param most upper bound of its bytes */
  constructor(most: number, free: FreeMemory) {
    this.#most = most;
    this.#free = free;
  }

  /**
   * Appends a chunk.
   *
   * @param chunk @memory given, if it fills its memory; else that is left as it is
   * @param likelyBytes about how large the body becomes
   * @throws RangeError if there is no memory
   */
  add(chunk: Buffer, likelyBytes: number): void {
    const size = this.size + chunk.length;
    if (this.#memory === null && size <= COLLECTED_BYTES) this.#pieces.push(chunk);
    else {
      chunk.copy(this.#roomFor(size, likelyBytes), this.size);
      this.#freeWhole(chunk);
      this.#move();
    }
    this.size = size;
  }

  #roomFor(size: number, likelyBytes: number): Buffer {
    const memory = this.#memory;
    if (memory !== null && size <= memory.length) return memory;
    // The memory is at least doubled, so what the last one held has long been moved.
    while (this.#outgrown !== null) this.#move();
    const least = Math.max(size, 2 * (memory?.length ?? 0));
    const larger = Buffer.allocUnsafeSlow(Math.min(Math.max(least, Math.ceil(likelyBytes * (1 + 1 / SPARE_PART))), this.#most));
    if (memory === null) this.#join(larger);
    else {
      this.#outgrown = memory;
      this.#toMove = this.size;
      this.#moved = 0;
    }
    this.#memory = larger;
    return larger;
  }

  #join(memory: Buffer): void {
    let at = 0;
    for (const piece of this.#pieces) {
      at += piece.copy(memory, at);
      this.#freeWhole(piece);
    }
    this.#pieces = [];
  }

  #move(): void {
    const from = this.#outgrown;
    if (from === null) return;
    this.#moved += from.copy(this.#memory as Buffer, this.#moved, this.#moved, Math.min(this.#moved + MOVE_BYTES, this.#toMove));
    if (this.#moved < this.#toMove) return;
    this.#outgrown = null;
    this.#free(from);
  }

  /** Returns the body. @memory owned */
  finish(): Buffer {
    while (this.#outgrown !== null) this.#move();
    if (this.#memory !== null) return this.#memory.subarray(0, this.size);
    const [first] = this.#pieces;
    const isFit = first !== undefined && this.#pieces.length === 1 && first.length >= WELL_USED * first.buffer.byteLength;
    return isFit ? first : Buffer.concat(this.#pieces, this.size);
  }
  /** Lets go of the bytes. */
  drop(): void {
    if (this.#outgrown !== null) this.#free(this.#outgrown);
    if (this.#memory !== null) this.#free(this.#memory);
    this.#outgrown = null;
    this.#memory = null;
    this.#pieces = [];
  }
  /** Frees a chunk that fills its memory. The rest of the memory of others is filled by zlib next. */
  #freeWhole(chunk: Buffer): void {
    if (chunk.length === chunk.buffer.byteLength) this.#free(chunk);
  }
}
