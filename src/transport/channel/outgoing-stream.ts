import { setImmediate } from 'node:timers/promises';
import { types } from 'node:util';
import { reasonOf } from '../../protocol/error/reason-of.ts';
import { OverloadedError, type TransportError, UsageError } from '../../protocol/error/transport-error.ts';
import type { Tail } from '../../protocol/wire/stream-output.ts';
import type { Link } from '../carrier/link.ts';
import { closeSource } from './unsent-source.ts';

/**
 * After so many chunks, or bytes, the rest of the process has its turn. Otherwise a source that always has a chunk would block it while the medium
 * takes every write at once, even after the link has ended.
 */
const CHUNKS_A_TURN = 256;
const BYTES_A_TURN = 1024 * 1024;

/** What a message that waits for the end of a stream takes besides its bytes. */
const HELD_OVERHEAD_BYTES = 128;

/** Writes the stream at the end of one message, chunk by chunk: it asks for the next when the one before has been written. */
export class OutgoingStream {
  readonly sequence: number;
  /** Messages that wait for its end, and what they take. */
  held: Buffer[] = [];
  heldBytes = 0;
  readonly #tail: Tail;
  readonly #link: Link;
  #stopped = false;
  #end: (error: TransportError | null) => void = () => undefined;
  /** The iterator of the source, once it is asked for chunks. */
  #iterator: unknown = null;

  constructor(sequence: number, tail: Tail, link: Link) {
    this.sequence = sequence;
    this.#tail = tail;
    this.#link = link;
  }

  /** Keeps a message until the stream has ended. */
  hold(message: Buffer): void {
    this.held.push(message);
    this.heldBytes += message.length + HELD_OVERHEAD_BYTES;
  }

  /** Stops writing and closes the source, which may never give another chunk. What it still gives, or fails with, is dropped. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.held = [];
    this.heldBytes = 0;
    this.#end(null);
    // In a microtask: the source itself may have ended the channel, and an iterator that runs cannot be closed.
    queueMicrotask(() => void closeSource(() => this.#closable()));
  }

  /** An iterator that waits for its next chunk closes behind it, a stream of Node.js at once. */
  #closable(): unknown {
    const { chunks } = this.#tail as { readonly chunks: { readonly destroy?: unknown } };
    return typeof chunks.destroy === 'function' ? chunks : (this.#iterator ?? chunks);
  }

  /** Writes the stream. @returns null when every byte was written or it was stopped, else the reason: the frame is then incomplete */
  run(): Promise<TransportError | null> {
    return new Promise((resolve) => {
      this.#end = resolve;
      void this.#write().then(resolve);
    });
  }

  /** Never throws. */
  async #write(): Promise<TransportError | null> {
    let left = this.#tail.size;
    let chunks = 0;
    let bytes = 0;
    try {
      for await (const given of this.#opened()) {
        if (this.#stopped) return null;
        if (!types.isUint8Array(given)) return wrong(`a stream gave a ${typeof given}, expected bytes`);
        const chunk = viewOf(given);
        left -= chunk.length;
        if (left < 0) return wrong(`a stream gave more than the ${this.#tail.size} bytes it announced`);
        if (chunk.length > 0) await this.#written(chunk);
        chunks++;
        bytes += chunk.length;
        if (chunks === CHUNKS_A_TURN || bytes >= BYTES_A_TURN) {
          await setImmediate();
          chunks = 0;
          bytes = 0;
        }
        if (this.#stopped) return null;
      }
    } catch (cause) {
      if (this.#stopped) return null;
      const text = `the source of a stream failed: ${reasonOf(cause)}`;
      return new UsageError('ERR_USAGE', { cause, delivery: 'maybe-sent' }, text);
    }
    return left === 0 ? null : wrong(`a stream ended ${left} bytes short of the ${this.#tail.size} it announced`);
  }

  /** The source, with its iterator kept: leaving a loop closes an iterator only when its next chunk has come. */
  #opened(): AsyncIterable<unknown> | Iterable<unknown> {
    const { chunks } = this.#tail as { readonly chunks: Partial<AsyncIterable<unknown> & Iterable<unknown>> };
    const open = chunks[Symbol.asyncIterator];
    if (open === undefined || open === null) {
      const iterator = (chunks as Iterable<unknown>)[Symbol.iterator]();
      this.#iterator = iterator;
      return { [Symbol.iterator]: () => iterator };
    }
    const iterator = open.call(chunks);
    this.#iterator = iterator;
    return { [Symbol.asyncIterator]: () => iterator };
  }

  #written(chunk: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.#link.write(chunk, resolve);
    });
  }
}

/** `buffer`, `byteOffset` and `byteLength` of every typed array, whatever a single one, or its class, has instead. */
const TYPED_ARRAY = Object.getPrototypeOf(Uint8Array.prototype) as object;
const [bufferOf, offsetOf, lengthOf] = (['buffer', 'byteOffset', 'byteLength'] as const).map(
  // oxlint-disable-next-line typescript/unbound-method -- called with a typed array only
  (name) => Object.getOwnPropertyDescriptor(TYPED_ARRAY, name)?.get,
) as [() => ArrayBuffer, () => number, () => number];

/** Returns a view of the bytes that a chunk really has: the frame has no room for any other number. */
function viewOf(chunk: Uint8Array): Uint8Array {
  return new Uint8Array(bufferOf.call(chunk), offsetOf.call(chunk), lengthOf.call(chunk));
}

function wrong(text: string): UsageError {
  return new UsageError('ERR_USAGE', { delivery: 'maybe-sent' }, text);
}

/** @throws ERR_USAGE unless the tail of a frame can be sent: its chunks are iterable, and it is the last field */
export function assertSendable({ chunks }: Tail, isLast: boolean): void {
  if (!isIterable(chunks)) {
    throw new UsageError('ERR_USAGE', {}, `expected an iterable of bytes as the chunks of a stream, got ${typeof chunks}`);
  }
  if (!isLast) throw new UsageError('ERR_USAGE', {}, 'a stream must be the last field of a message, but bytes follow it');
}

function isIterable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value);
}

/** Returns the error for a stream behind another one. */
export function anotherStream(): OverloadedError {
  return new OverloadedError(
    'ERR_OVERLOADED',
    {},
    'another stream is being sent on this channel: wait until it ends, or use a separate client for each stream',
  );
}
