import type { Writable } from 'node:stream';

/** Thrown when the reader of our output has gone (`ostp decode … | head`): the command ends quietly. */
export class OutputClosed extends Error {}

/** A stream, perhaps a terminal. */
export type OutputStream = Writable & { readonly isTTY?: boolean };

/** Standard output or standard error: waits while the reader is slow, and ends quietly when it goes away. */
export class Output {
  /** The stream itself, for what writes on its own. */
  readonly stream: OutputStream;
  #failure: Error | null;

  constructor(stream: OutputStream) {
    this.stream = stream;
    this.#failure = null;
    stream.on('error', (error) => {
      this.#failure ??= (error as NodeJS.ErrnoException).code === 'EPIPE' ? new OutputClosed() : error;
    });
  }

  /** What the stream failed with, as {@link print} throws it; null while it works. */
  get failure(): Error | null {
    return this.#failure;
  }

  /** Whether a person reads it. */
  get isTerminal(): boolean {
    return this.stream.isTTY === true;
  }

  /**
   * Writes a line, or several that are joined already.
   *
   * @throws OutputClosed when the reader has gone, and what else the stream reports
   */
  async print(text: string): Promise<void> {
    await this.write(`${text}\n`);
  }

  /** Writes text or bytes as they are. @throws as {@link print} */
  async write(content: string | Uint8Array): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    if (!this.stream.write(content)) await this.#drained();
  }

  /** Resolves when everything is written, or never will be. */
  flush(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#failure === null && !this.stream.destroyed) this.stream.write('', () => resolve());
      else resolve();
    });
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const settle = (): void => {
        for (const event of ['drain', 'error', 'close'] as const) this.stream.off(event, settle);
        resolve();
      };
      for (const event of ['drain', 'error', 'close'] as const) this.stream.once(event, settle);
    });
  }
}
