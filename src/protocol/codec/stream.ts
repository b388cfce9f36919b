import { UsageError } from '../error/transport-error.ts';
import type { Codec } from './codec.ts';

/** Bytes to be sent piece by piece: how many there will be, and where they come from. */
export interface StreamSource {
  /** Exactly how many bytes the chunks have together: the frame says it before the first of them. */
  readonly size: number;
  /**
   * Where they come from. A source serves one message: when that is refused or fails before it is sent, what can be closed of the source is
   * (`destroy`, `cancel` or `return`), so make a new one for each attempt.
   *
   * @memory each chunk is given until the next one is asked for
   */
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/**
 * Bytes that arrive piece by piece. It can be read once; stopping early discards the rest.
 *
 * Read it, or discard it. While the stream is not read, about 256 KiB are buffered; then reading from the link stops, and with it every later
 * message and the notice of the link's end. No deadline ends that wait. To discard the rest unread, leave the loop:
 * `for await (const _ of content) break;`. A handler that answers without having read discards it, too.
 */
export interface ByteStream extends AsyncIterable<Buffer> {
  /** How many bytes there are. */
  readonly size: number;
}

/**
 * The last field of a message too big to hold: vInt length, then the bytes, as `bytes` has it. It goes out and comes in piece by piece; a reader
 * that is slow stops its link, and with it every other message of the channel: give such calls a client of their own.
 *
 * @memory a received chunk is borrowed: valid until the next one is asked for
 * @example const upload = defineAction({ name: 'demo:upload', request: struct({ name: string, content: stream() }), response: empty });
 */
export function stream(): Codec<ByteStream, StreamSource> {
  return STREAM;
}

const STREAM: Codec<ByteStream, StreamSource> = {
  schema: { kind: 'bytes', name: 'stream' },
  hasStream: true,
  sourceIn: (value) => value,
  read: (input) => {
    if (input.openTail === null) return wholeStream(input.takeBytes(input.readCount()));
    const offset = input.offset;
    const size = input.readVInt();
    if (size < 0) throw input.fail(`length ${size} of a stream`, offset);
    return input.openTail(size) as ByteStream;
  },
  write: (output, value) => {
    // Read once: the frame says how long the stream will be, and a getter may tell something else the next time.
    const size: unknown = value?.size;
    if (typeof size !== 'number' || !Number.isInteger(size) || size < 0) {
      throw new UsageError('ERR_USAGE', {}, 'a stream is { size, chunks }, where size says how many bytes the chunks have together');
    }
    output.writeVInt(size);
    output.continueWith({ size, chunks: value.chunks });
  },
};

/** A stream whose bytes are all there: a small or compressed message. */
function wholeStream(bytes: Buffer): ByteStream {
  return {
    size: bytes.length,
    async *[Symbol.asyncIterator]() {
      if (bytes.length > 0) yield bytes;
    },
  };
}
