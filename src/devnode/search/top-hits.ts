/** The first hits in an order, kept sorted while hits are offered. */
export class TopHits<Hit> {
  readonly hits: Hit[] = [];
  readonly #limit: number;
  readonly #compare: (a: Hit, b: Hit) => number;

  /** @param compare negative if the first comes first; hits that are equal keep the order in which they are offered */
  constructor(limit: number, compare: (a: Hit, b: Hit) => number) {
    this.#limit = limit;
    this.#compare = compare;
  }

  offer(hit: Hit): void {
    const { hits } = this;
    const last = hits.at(-1);
    if (hits.length >= this.#limit && (last === undefined || this.#compare(hit, last) >= 0)) return;
    let [low, high] = [0, hits.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(hit, hits[middle] as Hit) < 0) high = middle;
      else low = middle + 1;
    }
    hits.splice(low, 0, hit);
    if (hits.length > this.#limit) hits.pop();
  }
}
