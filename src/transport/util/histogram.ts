/** Each octave of microseconds has 2³ buckets of equal width: a bucket is at most an eighth wider than the one before. */
const SUB_BITS = 3;
const PER_OCTAVE = 1 << SUB_BITS;

/** Longest duration, about 18 minutes; longer ones count as this long. */
const MAX_MICROS = 2 ** 30;

/** The method by which `console.log` and `util.inspect` show a value. */
const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never;

/** Figures of a histogram, times in milliseconds. */
export interface HistogramFigures {
  readonly count: number;
  readonly sumMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** A histogram of durations in buckets of microseconds: constant memory, a few nanoseconds to record. */
export class Histogram {
  readonly #buckets = new Uint32Array(bucketOf(MAX_MICROS) + 1);
  #count = 0;
  #sum = 0;
  #max = 0;

  /** Number of durations recorded. */
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
    const bucket = bucketOf(Math.min(ms * 1000, MAX_MICROS) | 0);
    this.#buckets[bucket] = (this.#buckets[bucket] as number) + 1;
    this.#count++;
    this.#sum += ms;
    if (ms > this.#max) this.#max = ms;
  }

  /**
   * Returns the time below which a share of all durations lies, to within one bucket.
   *
   * @param share from 0 to 1, for example 0.99
   * @returns milliseconds; 0 when nothing was recorded
   */
  quantile(share: number): number {
    let left = Math.ceil(this.#count * share);
    for (let i = 0; i < this.#buckets.length && this.#count > 0; i++) {
      left -= this.#buckets[i] as number;
      if (left <= 0) return Math.min(this.#max, endOf(i) / 1000);
    }
    return this.#max;
  }

  /** Returns the figures that `JSON.stringify` writes. */
  toJSON(): HistogramFigures {
    return {
      count: this.#count,
      sumMs: rounded(this.#sum),
      p50Ms: rounded(this.quantile(0.5)),
      p90Ms: rounded(this.quantile(0.9)),
      p99Ms: rounded(this.quantile(0.99)),
      maxMs: rounded(this.#max),
    };
  }

  /** Returns the same figures for `console.log`. */
  [INSPECT](): HistogramFigures {
    return this.toJSON();
  }
}

/** Returns a number with three digits behind the point: microseconds. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/** Returns the bucket of a whole number of microseconds: the position of its highest bit, and the three bits behind it. */
function bucketOf(micros: number): number {
  const shift = Math.max(0, 31 - Math.clz32(micros) - SUB_BITS);
  return shift * PER_OCTAVE + (micros >>> shift);
}

/** Returns the end of a bucket, in microseconds. */
function endOf(bucket: number): number {
  const shift = Math.max(0, (bucket >>> SUB_BITS) - 1);
  return (bucket - shift * PER_OCTAVE + 1) * 2 ** shift;
}
