import type { Link } from '../carrier/link.ts';
import type { Writer } from './writer.ts';

/** Bytes that may wait for a slow peer before an accepting end stops reading its requests. */
export const PAUSE_READING_BYTES = 1024 * 1024;

/** What reads behind a gate. */
export interface GatedReader {
  /** Reads what has come while the gate was shut. */
  readOn(): void;
}

/** Decides whether a channel may read. It counts the reasons to pause: the first pauses the link, the end of the last resumes it. */
export class ReadGate {
  readonly #link: Link;
  readonly #writer: Writer;
  /** Bytes that may wait to be written before reading pauses; -1 for any number. An infinite number would take memory of its own. */
  readonly #pauseBytes: number;
  /** Null before the channel is complete, and once it is over. */
  #reader: GatedReader | null = null;
  #reasons = 0;
  #isWriterFull = false;

  /** @param pauseBytes bytes that may wait to be written; Infinity for a dialling end: if both ends waited for the other to read, neither would */
  constructor(link: Link, writer: Writer, pauseBytes: number) {
    this.#link = link;
    this.#writer = writer;
    this.#pauseBytes = pauseBytes === Number.POSITIVE_INFINITY ? -1 : pauseBytes;
  }

  /** Sets what reads on when the gate opens. */
  attach(reader: GatedReader): void {
    this.#reader = reader;
  }

  /** True while nothing holds up reading. */
  get isOpen(): boolean {
    return this.#reasons === 0;
  }

  /** Returns whether the next message may be read. Asked between messages: a peer that does not read its answers is not read either. */
  // hot: call
  mayRead(): boolean {
    if (this.#writer.isStuck && !this.#isWriterFull) this.#shutIfFull();
    return this.#reasons === 0;
  }

  #shutIfFull(): void {
    if (this.#pauseBytes < 0 || this.#writer.bufferedBytes <= this.#pauseBytes) return;
    this.#isWriterFull = true;
    this.pause();
  }

  /** The writer has room again. */
  onWriterDrain(): void {
    if (!this.#isWriterFull) return;
    this.#isWriterFull = false;
    this.resume();
  }

  /** Adds a reason not to read; {@link resume} takes it back. */
  pause(): void {
    this.#reasons++;
    if (this.#reasons === 1) this.#link.pause();
  }

  /** Takes one reason back. Behind the last one, what has come is read before the link delivers more. */
  resume(): void {
    this.#reasons--;
    // A codec that drops a stream while it writes: what is read now could not be answered.
    if (this.#writer.isWriting) queueMicrotask(() => this.#readOn());
    else this.#readOn();
  }

  #readOn(): void {
    if (this.#reasons > 0 || this.#reader === null) return;
    this.#reader.readOn();
    // While it read, the gate may have been shut again, or the channel may have ended.
    if (this.#reasons === 0 && this.#reader !== null) this.#link.resume();
  }

  /** The channel is over: the gate never opens again. */
  close(): void {
    this.#reader = null;
  }
}
