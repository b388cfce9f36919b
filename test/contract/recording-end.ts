import { setTimeout as sleep } from 'node:timers/promises';
import type { TransportError } from '../../src/protocol/error/transport-error.ts';
import type { Link, LinkAcceptor, LinkSink } from '../../src/transport/carrier/link.ts';

/** Longest wait of a test for anything, in milliseconds. */
const PATIENCE_MS = 8_000;

/** Waits until a condition holds, and fails naming it when it does not come true. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited ${PATIENCE_MS} ms for: ${what}`);
    await sleep(1);
  }
}

/** A sink that keeps what came and notices what no carrier may do. */
export class RecordingEnd implements LinkSink {
  readonly closes: (TransportError | null)[] = [];
  readonly faults: string[] = [];
  received = 0;
  filled = 0;
  drains = 0;
  /** What to do with bytes, during the call. */
  onChunk: (chunk: Buffer) => void = () => {};
  /** What to do when a link comes. */
  onLink: (link: Link) => void = () => {};
  /** Where bytes shall go. */
  target: () => Buffer | null = () => null;
  isPaused = false;
  readonly #pieces: Buffer[] = [];
  #link: Link | undefined;
  #target: Buffer | null = null;
  #isBusy = false;

  readonly accept: LinkAcceptor = (link) => {
    this.#link = link;
    this.onLink(link);
    return this;
  };

  get link(): Link {
    if (!this.#link) throw new Error('no link was accepted');
    return this.#link;
  }

  get hasLink(): boolean {
    return this.#link !== undefined;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  pause(): void {
    this.isPaused = true;
    this.link.pause();
  }

  resume(): void {
    this.isPaused = false;
    this.link.resume();
  }

  onBytes(chunk: Buffer): void {
    this.#take(chunk);
  }

  readTarget(): Buffer | null {
    this.#target = this.target();
    return this.#target;
  }

  onFilled(count: number): void {
    if (!this.#target || count < 1 || count > this.#target.length) this.faults.push(`onFilled(${count})`);
    this.filled += count;
    if (this.#target) this.#take(this.#target.subarray(0, count));
  }

  onDrain(): void {
    this.drains++;
    this.#alive('onDrain');
  }

  onClose(error: TransportError | null): void {
    this.#alive('onClose');
    this.closes.push(error);
  }

  async closed(): Promise<TransportError | null> {
    await until('onClose', () => this.closes.length > 0);
    return this.closes[0] ?? null;
  }

  #take(chunk: Buffer): void {
    this.#alive('bytes');
    if (this.isPaused) this.faults.push('bytes came while paused');
    const copy = Buffer.from(chunk);
    this.#isBusy = true;
    this.received += chunk.length;
    this.#pieces.push(copy);
    this.onChunk(chunk);
    this.#isBusy = false;
    if (!copy.equals(chunk)) this.faults.push('bytes changed during the call');
  }

  #alive(what: string): void {
    if (this.closes.length > 0) this.faults.push(`${what} after onClose`);
    if (this.#isBusy) this.faults.push(`${what} within a call`);
  }
}

/** Bytes in which every place tells where it is. */
export function patterned(length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >>> 8) * 7 + (i >>> 16)) & 0xff;
  return bytes;
}
