import type { Output } from './output.ts';

/** Characters that may wait for a reader who is slower than the traffic. */
const MAX_WAITING = 8 * 1024 * 1024;

/** Prints what is observed while it happens. A reader who is too slow does not hold up what is observed: lines are left out, and their number is told. */
export class LiveOutput {
  readonly #output: Output;
  readonly #notes: Output;
  readonly #lines: string[] = [];
  #waiting = 0;
  #omitted = 0;
  #writing: Promise<void> | null = null;
  #fail: (error: unknown) => void = () => {};
  /** Rejects when the output fails, with its error; never resolves. */
  readonly failed: Promise<never>;

  /** @param notes is told how many lines were left out */
  constructor(output: Output, notes: Output) {
    this.#output = output;
    this.#notes = notes;
    this.failed = new Promise((_, reject) => (this.#fail = reject));
    this.failed.catch(() => {});
  }

  print(text: string): void {
    if (this.#waiting + text.length > MAX_WAITING) {
      this.#omitted++;
      return;
    }
    this.#lines.push(text);
    this.#waiting += text.length;
    this.#writing ??= this.#write();
  }

  /** Waits until everything is written. */
  async close(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    try {
      while (this.#lines.length > 0) {
        const text = this.#lines.splice(0).join('\n');
        await this.#output.print(text);
        this.#waiting -= text.length;
        if (this.#lines.length > 0) continue;
        // Joining added line breaks.
        this.#waiting = 0;
        await this.#tellOmitted();
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#writing = null;
    }
  }

  async #tellOmitted(): Promise<void> {
    const omitted = this.#omitted;
    if (omitted === 0) return;
    this.#omitted = 0;
    await this.#notes.print(`${omitted} messages were not printed: the output is slower than the traffic`);
  }
}
