import type { TaskId } from '../../protocol/codec/task-id.ts';
import { UsageError } from '../../protocol/error/transport-error.ts';
import { STATUS } from '../../protocol/frame/native/fixed-header.ts';
import type { RequestHeaders, ResponseHeaders, VariableHeader } from '../../protocol/frame/native/variable-header.ts';
import type { VersionId } from '../../protocol/wire/version.ts';
import type { Endpoint } from '../carrier/link.ts';
import type { CallContext } from './call.ts';
import type { PeerChannel, ServedChannel } from './peer-channel.ts';

/** The fixed header of a request, and what was charged for its body. */
export interface RequestFrame {
  /** High and low 32 bits of the request id. */
  readonly idHigh: number;
  readonly idLow: number;
  readonly version: VersionId;
  /** Bits of the fixed header. */
  readonly status: number;
  /** Bytes charged for the body; 0 for a stream, whose bytes are charged while they wait. */
  readonly bodyBytes: number;
}

/** The stream of a request, as its call sees it. */
export interface RequestStream {
  /** Drops the stream unless it has a reader: the call is answered. */
  dropUnread(): void;
}

/** In place of the signal of a request that was answered. */
const ANSWERED = new AbortController();

/** What a handler knows of a request besides its value. One object per request; costly parts are made when asked for. */
export class ServerCallContext implements CallContext {
  /** High and low 32 bits of the request id: ids are echoed bit by bit. */
  readonly idHigh: number;
  readonly idLow: number;
  /** Stream version of the request. */
  readonly version: VersionId;
  readonly parentTask: TaskId;
  /** Bytes charged for the body; 0 for a stream, whose bytes are charged while they wait. */
  readonly bodyBytes: number;
  /** @internal True if the action is exempt from the common budget; for the channel. */
  isExempt = false;
  /** @internal The stream at the end of the request while it arrives; for the channel. */
  requestStream: RequestStream | null = null;
  /**
   * @internal What writes the answer: {@link Channel.answerer} of another channel of the same node, which knows an answer by its request id alone; null for
   * the channel the request came by.
   */
  answerer: object | null = null;
  /** Milliseconds of `performance.now`; 0 unless requests are counted or traced. */
  startedAt = 0;
  readonly #status: number;
  readonly #variable: VariableHeader;
  readonly #channel: ServedChannel;
  /** Fires the signal of the request; null until it is asked for. */
  #ending: AbortController | null = null;
  #responseHeaders: Record<string, string[]> | null = null;
  #released: Uint8Array | null = null;

  /** @internal */
  constructor(channel: ServedChannel, variable: VariableHeader, frame: RequestFrame, parentTask: TaskId) {
    this.#channel = channel;
    this.#variable = variable;
    this.idHigh = frame.idHigh;
    this.idLow = frame.idLow;
    this.version = frame.version;
    this.#status = frame.status;
    this.bodyBytes = frame.bodyBytes;
    this.parentTask = parentTask;
  }

  /** True if the body of the request was compressed: its answer will be, too, unless it is large and many wait to be compressed. */
  get compressed(): boolean {
    return (this.#status & STATUS.compressed) !== 0;
  }

  /** @internal @throws ERR_OVERLOADED while an answer could not be sent; for the dispatcher */
  throwIfFull(): void {
    this.#channel.throwIfFull(this.action);
  }

  /** True for a TCP handshake. */
  get handshake(): boolean {
    return (this.#status & STATUS.handshake) !== 0;
  }

  /** Name of the action. */
  get action(): string {
    return this.#variable.action;
  }

  /** The request id, exactly. */
  get requestId(): bigint {
    return (BigInt(this.idHigh) << 32n) | BigInt(this.idLow >>> 0);
  }

  /** Request headers of the caller's thread context, for example `X-Opaque-Id`. */
  get headers(): RequestHeaders {
    return this.#variable.requestHeaders;
  }

  /** Features of the caller. */
  get features(): readonly string[] {
    return this.#variable.features;
  }

  /** Address of the caller. */
  get remote(): Endpoint {
    return this.#channel.remote;
  }

  /** Our address. */
  get local(): Endpoint {
    return this.#channel.local;
  }

  /** The channel the request came by: its other end can be called back on it. */
  get channel(): PeerChannel {
    return this.#channel;
  }

  /**
   * Fires when the connection of the caller ends before the request is answered: closing a channel cancels its tasks. Once the request is answered, its
   * listeners are forgotten, and this is the signal of the connection: work that goes on after the answer listens to `channel.ended`. For an answer that
   * ends with a stream, until the next such answer on the connection.
   *
   * @see wire-format.md §10.8
   */
  get signal(): AbortSignal {
    if (this.#ending === ANSWERED) return this.#channel.ended;
    this.#ending ??= this.#channel.requestSignals.open();
    return this.#ending.signal;
  }

  /** @internal The request is answered; for the channel. */
  // hot: call
  finish(): void {
    if (this.#ending !== null) this.#channel.requestSignals.close(this.#ending);
    this.#ending = ANSWERED;
  }

  /**
   * Gives the memory of a byte field of this request back once the answer is written: for handlers that answer with what they were sent.
   *
   * @memory the bytes may be part of the answer; afterwards they are empty
   * @throws ERR_USAGE if it is not a view of bytes
   */
  releaseWhenAnswered(bytes: Uint8Array): void {
    if (!ArrayBuffer.isView(bytes))
      throw new UsageError('ERR_USAGE', {}, `releaseWhenAnswered expects a byte field of the request, got ${typeof bytes}`);
    this.#released = bytes;
  }

  /** The bytes given to {@link releaseWhenAnswered}, or null. */
  get released(): Uint8Array | null {
    return this.#released;
  }

  /** Adds a value to a response header of the thread context, for example `Warning`. */
  addResponseHeader(name: string, value: string): void {
    this.#responseHeaders ??= Object.create(null) as Record<string, string[]>;
    const values = (this.#responseHeaders[name] ??= []);
    if (!values.includes(value)) values.push(value);
  }

  /** The headers collected by {@link addResponseHeader}, or null. */
  get responseHeaders(): ResponseHeaders | null {
    return this.#responseHeaders;
  }
}
