/** Estimates what decoded values take in the heap, by the layout of objects in V8 without pointer compression: the same figure in every run. */
export class HeapSize {
  readonly #seen = new Set<object>();
  readonly #shapes = new Set<string>();
  readonly #constants: ReadonlySet<string>;

  /** @param constants strings of definitions, such as names of fields and cases: no value has copies of them */
  constructor(constants: ReadonlySet<string>) {
    this.#constants = constants;
  }

  /** Bytes that a value and what it holds take. What was counted before is not counted again. */
  of(root: unknown): number {
    let bytes = 0;
    const waiting: unknown[] = [root];
    while (waiting.length > 0) bytes += this.#one(waiting.pop(), waiting);
    return bytes;
  }

  #one(value: unknown, waiting: unknown[]): number {
    if (typeof value === 'string') return this.#text(value);
    if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? 0 : 16;
    if (typeof value === 'bigint') return 24 + 8 * Math.floor(value.toString(16).length / 16);
    if (typeof value !== 'object' || value === null || this.#seen.has(value)) return 0;
    this.#seen.add(value);
    if (value instanceof Uint8Array) return 104 + (value.length < 4096 ? pad(value.length) : value.length + 200);
    if (Array.isArray(value)) {
      for (const item of value) waiting.push(item);
      return 32 + elements(value.length);
    }
    return this.#object(value as Record<string, unknown>, waiting);
  }

  #object(value: Readonly<Record<string, unknown>>, waiting: unknown[]): number {
    const names = Object.keys(value);
    let bytes = names.length > 20 ? 24 + 56 * names.length : 24 + 8 * Math.max(names.length, 4);
    for (const name of names) waiting.push(value[name]);
    // What looks like the index of an element has room made for all before it.
    const last = names.findLastIndex((name) => /^\d{1,3}$/.test(name));
    if (last !== -1 && Number(names[last]) < 512) bytes += 16 + 8 * (Number(names[last]) * 1.5 + 17);
    const foreign = names.filter((name) => !this.#constants.has(name));
    if (foreign.length === 0) return bytes;
    for (const name of foreign) bytes += this.#text(name);
    const shape = names.join('\n');
    if (names.length > 20 || this.#shapes.has(shape)) return bytes;
    this.#shapes.add(shape);
    return bytes + 112 + 24 * names.length;
  }

  #text(text: string): number {
    if (text.length < 2 || this.#constants.has(text)) return 0;
    return 16 + pad(/^[\0-\xff]*$/.test(text) ? text.length : 2 * text.length);
  }
}

const pad = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** The store of an array that grew by pushing: by half and 16 more, each time. */
function elements(length: number): number {
  if (length === 0) return 0;
  let capacity = 17;
  while (capacity < length) capacity += (capacity >> 1) + 16;
  return 16 + 8 * capacity;
}
