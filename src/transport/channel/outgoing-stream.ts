import { setImmediate } from 'node:timers/promises';
import { reasonOf } from '../../protocol/error/reason-of.ts';
import { type TransportError, UsageError } from '../../protocol/error/transport-error.ts';
import type { Tail } from '../../protocol/wire/stream-output.ts';
import type { Link } from '../carrier/link.ts';

/**
 * After so many chunks, or bytes, the rest of the process has its turn. Otherwise a source that always has a chunk would block it while the medium
 * takes every write at once, even after the link has ended.
 */
const CHUNKS_A_TURN = 256;
const BYTES_A_TURN = 1024 * 1024;

/** Writes the stream at the end of one message, chunk by chunk: it asks for the next when the one before has been written. */
export class OutgoingStream {
  readonly sequence: number;
  readonly #tail: Tail;
  readonly #link: Link;
  #stopped = false;

  constructor(sequence: number, tail: Tail, link: Link) {
    this.sequence = sequence;
    this.#tail = tail;
    this.#link = link;
  }

  /** Stops writing; the source is closed with its next chunk. */
  stop(): void {
    this.#stopped = true;
  }

  /** Writes the stream. @returns null when every byte was written, else the reason: the frame is then incomplete */
  async run(): Promise<TransportError | null> {
    let left = this.#tail.size;
    let chunks = 0;
    let bytes = 0;
    try {
      for await (const chunk of this.#tail.chunks) {
        if (this.#stopped) return null;
        if (!(chunk instanceof Uint8Array)) return wrong(`a stream gave a ${typeof chunk}, expected bytes`);
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
      const text = `the source of a stream failed: ${reasonOf(cause)}`;
      return new UsageError('ERR_USAGE', { cause, delivery: 'maybe-sent' }, text);
    }
    return left === 0 ? null : wrong(`a stream ended ${left} bytes short of the ${this.#tail.size} it announced`);
  }

  #written(chunk: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.#link.write(chunk, resolve);
    });
  }
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
