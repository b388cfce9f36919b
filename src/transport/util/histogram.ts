/** Buckets per octave: neighbouring buckets differ by about 9 %. */
const PER_OCTAVE = 8;

/** From 1 µs to about 18 minutes. */
const OCTAVES = 30;

/** How long things took, in logarithmic buckets: constant memory, a few nanoseconds to record. */
export class Histogram {
  readonly #buckets = new Uint32Array(OCTAVES * PER_OCTAVE);
  #count = 0;
  #sum = 0;
  #max = 0;

  /** How many were recorded. */
  get count(): number {
    return this.#count;
  }

  /** Sum of all, in milliseconds. */
  get sumMs(): number {
    return this.#sum;
  }

  /** The longest, in milliseconds. */
  get maxMs(): number {
    return this.#max;
  }

  record(ms: number): void {
    const index = Math.floor(Math.log2(Math.max(ms * 1000, 1)) * PER_OCTAVE);
    const bucket = Math.min(index, this.#buckets.length - 1);
    this.#buckets[bucket] = (this.#buckets[bucket] as number) + 1;
    this.#count++;
    this.#sum += ms;
    if (ms > this.#max) this.#max = ms;
  }

  /**
   * The time below which a share of all lies, to within one bucket.
   *
   * @param share from 0 to 1, for example 0.99
   * @returns milliseconds; 0 when nothing was recorded
   */
  quantile(share: number): number {
    let left = Math.ceil(this.#count * share);
    for (let i = 0; i < this.#buckets.length && this.#count > 0; i++) {
      left -= this.#buckets[i] as number;
      if (left <= 0) return Math.min(this.#max, 2 ** ((i + 1) / PER_OCTAVE) / 1000);
    }
    return this.#max;
  }
}
