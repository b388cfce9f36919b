import type { ByteStream } from '../../protocol/codec/stream.ts';
import { DecodeError } from '../../protocol/error/transport-error.ts';
import { StreamInput } from '../../protocol/wire/stream-input.ts';
import type { VersionId } from '../../protocol/wire/version.ts';
import { IncomingStream, type StreamFlow } from './incoming-stream.ts';

/** Most that may stand in front of the stream of a message. */
const MAX_HEAD_BYTES = 64 * 1024;

/** Reads the fields in front of the stream, and the stream's length as the last of them. What it returns goes on with the message. */
export type HeadReader = (input: StreamInput) => (stream: IncomingStream) => void;

/**
 * Collects the beginning of a message until the fields in front of its stream can be read, then hands the rest to the stream.
 */
export class StreamHead {
  readonly #read: HeadReader;
  readonly #bodyBytes: number;
  readonly #version: VersionId;
  readonly #peerVersion: VersionId;
  readonly #flow: StreamFlow;
  #collected: Buffer = NOTHING;
  #stream: IncomingStream | null = null;

  /** @param bodyBytes of the whole message: the stream has to end where it does */
  constructor(read: HeadReader, bodyBytes: number, version: VersionId, peerVersion: VersionId, flow: StreamFlow) {
    this.#read = read;
    this.#bodyBytes = bodyBytes;
    this.#version = version;
    this.#peerVersion = peerVersion;
    this.#flow = flow;
  }

  /** The stream, once the head has been read. */
  get stream(): IncomingStream | null {
    return this.#stream;
  }

  /**
   * The next bytes of the message. @memory borrowed
   *
   * @throws ERR_DECODE when the head is malformed or longer than 64 KiB
   */
  push(bytes: Buffer): void {
    if (this.#stream !== null) {
      this.#stream.push(bytes);
      return;
    }
    this.#collected = Buffer.concat([this.#collected, bytes]);
    const input = new StreamInput(this.#collected, { version: this.#version, peerVersion: this.#peerVersion });
    input.openTail = (size) => this.#open(size, input);
    let goOn: (stream: IncomingStream) => void;
    try {
      goOn = this.#read(input);
    } catch (error) {
      const all = this.#collected.length === this.#bodyBytes || this.#collected.length > MAX_HEAD_BYTES;
      if (all || !(error instanceof DecodeError)) throw error;
      this.#stream = null;
      return;
    }
    this.#collected = NOTHING;
    this.#stream ??= this.#noStream(input);
    goOn(this.#stream);
  }

  /** The stream of a message that holds none, such as an optional one that is null: it is empty. */
  #noStream({ offset }: StreamInput): IncomingStream {
    const rest = this.#bodyBytes - offset;
    if (rest > 0) throw new DecodeError('ERR_DECODE', { offset }, `message not fully read, ${rest} bytes left`);
    return new IncomingStream(0, this.#flow);
  }

  #open(size: number, input: StreamInput): ByteStream {
    const rest = this.#bodyBytes - input.offset;
    if (size !== rest) throw input.fail(`a stream of ${size} bytes at the end of a message with ${rest} bytes left`);
    const stream = new IncomingStream(size, this.#flow);
    stream.push(input.readBytes(input.remaining));
    this.#stream = stream;
    return stream;
  }
}

const NOTHING = Buffer.alloc(0);
