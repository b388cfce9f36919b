import type { ReadTrace } from '../../protocol/wire/stream-input.ts';

/** One field as it stands in the bytes. */
export interface DissectedField {
  readonly name: string;
  /** First byte, from the beginning of the frame, or of the inflated body. */
  readonly offset: number;
  /** Behind the last byte. */
  readonly end: number;
  /** Undefined for a field that did not decode. */
  readonly value: unknown;
  readonly fields: readonly DissectedField[];
}

type Draft = { -readonly [K in keyof DissectedField]: DissectedField[K] } & { fields: Draft[] };

/** Most fields that are remembered of one message; what comes later is part of the last field around it. */
const MAX_FIELDS = 200_000;

/** Builds the tree of the fields that are read. */
export class FieldRecorder implements ReadTrace {
  readonly #base: number;
  readonly #root: Draft;
  readonly #open: Draft[];
  #count: number;
  /** How many fields are open that are not remembered. */
  #untold: number;

  /** @param base offset of the first byte that is read */
  constructor(base: number) {
    this.#base = base;
    this.#root = { name: '', offset: base, end: base, value: undefined, fields: [] };
    this.#open = [this.#root];
    this.#count = 0;
    this.#untold = 0;
  }

  /** The fields so far, outermost first. */
  get fields(): readonly DissectedField[] {
    return this.#root.fields;
  }

  enter(name: string, offset: number): void {
    if (this.#untold > 0 || this.#count >= MAX_FIELDS) {
      this.#untold++;
      return;
    }
    const field: Draft = { name, offset: this.#base + offset, end: this.#base + offset, value: undefined, fields: [] };
    (this.#open.at(-1) as Draft).fields.push(field);
    this.#open.push(field);
    this.#count++;
  }

  leave(offset: number, value: unknown): void {
    if (this.#untold > 0) {
      this.#untold--;
      return;
    }
    const field = this.#open.pop() as Draft;
    field.end = this.#base + offset;
    field.value = value;
  }

  /** Reading ended in an error: what is open ends here, without a value. */
  breakOff(offset: number): void {
    for (const field of this.#open.splice(1)) field.end = this.#base + offset;
    this.#untold = 0;
  }
}
