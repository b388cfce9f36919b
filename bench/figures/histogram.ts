const BUCKETS_PER_OCTAVE = 32;
/** The first bucket begins at 2⁻⁴ µs, the last ends at 2²⁷ µs: two minutes. */
const FIRST_OCTAVE = -4;
const LAST_OCTAVE = 27;

/** Latencies of one window, in microseconds. */
export interface Latency {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
  readonly count: number;
}

/** Counts durations in buckets that grow by 2^(1/32), 2.2 %: any percentile to that precision in 8 KiB. */
export class Histogram {
  readonly #buckets = new Float64Array((LAST_OCTAVE - FIRST_OCTAVE) * BUCKETS_PER_OCTAVE);
  #count = 0;
  #max = 0;

  /** @param micros duration in microseconds */
  record(micros: number): void {
    const at = Math.floor((Math.log2(micros) - FIRST_OCTAVE) * BUCKETS_PER_OCTAVE);
    const index = at > 0 ? Math.min(at, this.#buckets.length - 1) : 0;
    this.#buckets[index] = (this.#buckets[index] as number) + 1;
    this.#count++;
    if (micros > this.#max) this.#max = micros;
  }

  /** Forgets everything. */
  reset(): void {
    this.#buckets.fill(0);
    this.#count = 0;
    this.#max = 0;
  }

  /** Percentiles of what was recorded; NaN without records. */
  summary(): Latency {
    return {
      p50: this.#at(0.5),
      p90: this.#at(0.9),
      p99: this.#at(0.99),
      max: this.#count > 0 ? this.#max : Number.NaN,
      count: this.#count,
    };
  }

  #at(share: number): number {
    const rank = share * this.#count;
    let seen = 0;
    for (let i = 0; i < this.#buckets.length && this.#count > 0; i++) {
      seen += this.#buckets[i] as number;
      if (seen >= rank) return Math.min(2 ** ((i + 0.5) / BUCKETS_PER_OCTAVE + FIRST_OCTAVE), this.#max);
    }
    return Number.NaN;
  }
}
