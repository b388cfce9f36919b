const FIRST_LENGTH = 64;

/** A queue on a ring that doubles when it is full. */
export class Fifo<T> {
  #ring: (T | undefined)[] = Array.from({ length: FIRST_LENGTH });
  #head = 0;
  #tail = 0;

  get length(): number {
    return this.#tail - this.#head;
  }

  push(item: T): void {
    if (this.length === this.#ring.length) this.#grow();
    this.#ring[this.#tail++ & (this.#ring.length - 1)] = item;
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const at = this.#head++ & (this.#ring.length - 1);
    const item = this.#ring[at];
    this.#ring[at] = undefined;
    return item;
  }

  #grow(): void {
    const items = Array.from({ length: this.length }, (_, i) => this.#ring[(this.#head + i) & (this.#ring.length - 1)]);
    this.#ring = [...items, ...Array.from<undefined>({ length: items.length })];
    this.#head = 0;
    this.#tail = items.length;
  }
}
