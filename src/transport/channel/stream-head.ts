import type { ByteStream } from '../../protocol/codec/stream.ts';
import { DecodeError, TransportError } from '../../protocol/error/transport-error.ts';
import { STATUS } from '../../protocol/frame/native/fixed-header.ts';
import { bytesLeft } from '../../protocol/wire/bytes-left.ts';
import { StreamInput } from '../../protocol/wire/stream-input.ts';
import type { VersionId } from '../../protocol/wire/version.ts';
import type { Registration } from '../call/dispatcher.ts';
import { IncomingStream, type StreamFlow, type StreamMemory, UNCHARGED } from './incoming-stream.ts';

/** Longest part of a message in front of its stream. */
const MAX_HEAD_BYTES = 64 * 1024;

/** Bytes that may be parsed again and again, so that a short head is read as soon as it is complete. */
const FREE_PARSE_BYTES = 1024 * 1024;

/** Beyond them, a head is parsed again when so large a share of it is new: however it is cut, the work grows with its length. */
const NEW_SHARE = 1 / 8;

const FIRST_CAPACITY = 1024;

/** A message that ends with a stream: a request, or an answer. */
export interface StreamedMessage {
  /**
   * Reads the fields in front of the stream, and the stream's length as the last of them. Returns what begins the message: it is told the stream.
   *
   * @throws ERR_DECODE when more bytes are needed, or they are malformed; ERR_PAYLOAD_LIMIT
   */
  read(input: StreamInput): (stream: IncomingStream) => void;
  /** The message cannot be read: the rest of it goes by. */
  fail(error: TransportError): void;
  /** The channel ended before the stream began. */
  abandon(): void;
}

/** How a message is read: its versions, and the limit on the memory of its values. */
export interface MessageReading {
  readonly version: VersionId;
  readonly peerVersion: VersionId;
  readonly maxDecodedBytes?: number;
}

/** Collects the beginning of a message until the fields in front of its stream can be read, then hands the rest to the stream. */
export class StreamHead {
  readonly #message: StreamedMessage;
  readonly #bodyBytes: number;
  readonly #reading: MessageReading;
  readonly #flow: StreamFlow;
  readonly #memory: StreamMemory;
  /** The first {@link StreamHead.#size} bytes are the head as far as it has come. */
  #collected: Buffer = NOTHING;
  #size = 0;
  /** Bytes parsed in vain so far, and by the last attempt. */
  #parsedBytes = 0;
  #lastParsed = 0;
  #stream: IncomingStream | null = null;
  #isFailed = false;

  /** @param bodyBytes of the whole message: the stream has to end where it does */
  constructor(message: StreamedMessage, bodyBytes: number, reading: MessageReading, flow: StreamFlow, memory: StreamMemory = UNCHARGED) {
    this.#message = message;
    this.#bodyBytes = bodyBytes;
    this.#reading = reading;
    this.#flow = flow;
    this.#memory = memory;
  }

  /** Bytes of memory held for the fields in front of the stream, until it begins. */
  get heldBytes(): number {
    return this.#collected.length;
  }

  /** True once the message has failed: what still comes of it is ignored. */
  get isFailed(): boolean {
    return this.#isFailed;
  }

  /** True until the message has failed or its stream was dropped. */
  get isWanted(): boolean {
    return !this.#isFailed && this.#stream?.isDropped !== true;
  }

  /** True while the reader of its stream waits for the next bytes. */
  get isAwaited(): boolean {
    return this.#stream?.isAwaited === true;
  }

  /** Takes the next bytes of the message. @memory borrowed */
  push(bytes: Buffer): void {
    if (this.#isFailed) return;
    if (this.#stream !== null) {
      this.#stream.push(bytes);
      return;
    }
    try {
      this.#collect(bytes);
      if (this.#isWorthParsing) this.#tryToBegin();
    } catch (error) {
      this.#fail(TransportError.from(error, 'ERR_DECODE'));
    }
  }

  #collect(bytes: Buffer): void {
    const size = this.#size + bytes.length;
    if (this.#collected.length < size) {
      const larger = Buffer.allocUnsafe(Math.max(size, 2 * this.#collected.length, FIRST_CAPACITY));
      this.#collected.copy(larger, 0, 0, this.#size);
      this.#collected = larger;
    }
    bytes.copy(this.#collected, this.#size);
    this.#size = size;
  }

  get #isAll(): boolean {
    return this.#size === this.#bodyBytes || this.#size > MAX_HEAD_BYTES;
  }

  get #isWorthParsing(): boolean {
    return this.#parsedBytes <= FREE_PARSE_BYTES || this.#isAll || this.#size - this.#lastParsed >= this.#lastParsed * NEW_SHARE;
  }

  #tryToBegin(): void {
    const input = new StreamInput(this.#collected.subarray(0, this.#size), this.#reading);
    input.openTail = (size) => this.#open(size, input);
    let begin: (stream: IncomingStream) => void;
    try {
      begin = this.#message.read(input);
    } catch (error) {
      if (this.#isAll || !(error instanceof DecodeError) || error.code === 'ERR_PAYLOAD_LIMIT') throw error;
      this.#stream = null;
      this.#lastParsed = this.#size;
      this.#parsedBytes += this.#size;
      return;
    }
    this.#collected = NOTHING;
    this.#stream ??= this.#noStream(input);
    begin(this.#stream);
  }

  /** The stream of a message that holds none, such as an optional one that is null: it is empty. */
  #noStream({ offset }: StreamInput): IncomingStream {
    const rest = this.#bodyBytes - offset;
    if (rest > 0) throw new DecodeError('ERR_DECODE', { offset }, bytesLeft(rest, 'message'));
    return new IncomingStream(0, this.#flow);
  }

  #open(size: number, input: StreamInput): ByteStream {
    const rest = this.#bodyBytes - input.offset;
    if (size !== rest) throw input.fail(`expected a stream of ${rest} bytes at the end of the message, got one of ${size}`);
    const stream = new IncomingStream(size, this.#flow, this.#memory);
    stream.push(input.readBytes(input.remaining));
    this.#stream = stream;
    return stream;
  }

  /** The message has ended. */
  end(): void {
    if (this.#stream === null && !this.#isFailed)
      this.#fail(new DecodeError('ERR_DECODE', {}, 'the message ends before its stream begins'));
  }

  #fail(error: TransportError): void {
    this.#isFailed = true;
    this.#collected = NOTHING;
    this.#message.fail(error);
  }

  /** The channel is over: the reader of the stream gets what has come, then the error. */
  close(error: TransportError): void {
    if (this.#stream !== null) this.#stream.fail(error);
    else if (!this.#isFailed) this.#message.abandon();
    this.#isFailed = true;
  }
}

const NOTHING = Buffer.alloc(0);

/** Returns whether a request is read while it arrives: its action takes a stream, and the body has to be inflated as a whole otherwise. */
// hot: call
export function endsWithStream(registration: Registration, status: number): boolean {
  return registration.takesStream && (status & STATUS.compressed) === 0;
}
