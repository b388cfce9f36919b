import type { AnyAction } from '../../protocol/action/define-action.ts';
import type { Codec } from '../../protocol/codec/codec.ts';
import { type TaskId, taskId } from '../../protocol/codec/task-id.ts';
import { readErrorResponse } from '../../protocol/codec/exception/error-response.ts';
import { toRemoteCause } from '../../protocol/codec/exception/remote-cause.ts';
import { RemoteError } from '../../protocol/error/remote-error.ts';
import { DecodeError, OverloadedError, TransportError } from '../../protocol/error/transport-error.ts';
import { compressBody, endFrame } from '../../protocol/frame/native/encoder.ts';
import { highWord, STATUS } from '../../protocol/frame/native/fixed-header.ts';
import type { RequestHeads } from '../../protocol/frame/native/request-head.ts';
import type { RequestHeaders } from '../../protocol/frame/native/variable-header.ts';
import type { WireLimits } from '../../protocol/wire/limits.ts';
import type { StreamInput } from '../../protocol/wire/stream-input.ts';
import type { VersionId } from '../../protocol/wire/version.ts';
import type { SignalRegistry } from '../util/signal-registry.ts';
import { type InFlightOwner, InFlightTable, type PendingCall } from './in-flight.ts';
import type { IncomingStream } from './incoming-stream.ts';
import type { Writer } from './writer.ts';
import { closeUnsent } from './unsent-source.ts';

/** What a request is sent with. */
export interface SendOptions {
  /** Request headers of the thread context, or null for none. */
  readonly headers: RequestHeaders | null;
  readonly parentTask: TaskId;
  readonly compress: boolean;
}

/** What the calls of all channels of an endpoint share. */
export interface OutgoingOptions {
  readonly signals: SignalRegistry;
  readonly limits: WireLimits;
  /** Calls in flight on this channel. */
  readonly maxInFlight: number;
  /** Bytes waiting to be written. */
  readonly maxBufferedBytes: number;
  /** Heads of requests by action; shared by an endpoint's channels. */
  readonly heads: RequestHeads;
}

/** The requests a channel sends and the answers it gets. */
export class OutgoingCalls {
  readonly inFlight: InFlightTable;
  /** Answers to calls that were given up. */
  lateAnswers = 0;
  /** Answers with an id nobody asked for. */
  unknownAnswers = 0;
  readonly #writer: Writer;
  readonly #options: OutgoingOptions;

  constructor(writer: Writer, owner: InFlightOwner, options: OutgoingOptions) {
    this.#writer = writer;
    this.#options = options;
    this.inFlight = new InFlightTable(owner, options.signals);
  }

  /**
   * Encodes a request and files its call. The call settles when the answer comes, its deadline passes, its signal fires or the channel ends.
   *
   * @param status bits besides the compressed one
   * @throws ERR_USAGE, ERR_MESSAGE_TOO_LARGE, ERR_OVERLOADED; nothing was sent and the call is not filed. The source of a stream is closed
   */
  // hot: call
  send(call: PendingCall, request: unknown, status: number, version: VersionId, peerVersion: VersionId, options: SendOptions): void {
    const { maxInFlight, maxBufferedBytes, limits } = this.#options;
    if (this.inFlight.size >= maxInFlight) throw tooMany(call, request, `${this.inFlight.size} calls are in flight (maxInFlight)`);
    const buffered = this.#writer.bufferedBytes;
    if (buffered > maxBufferedBytes) throw tooMany(call, request, `${buffered} bytes wait to be written (maxBufferedBytes)`);
    const { action } = call;
    const output = this.#writer.begin(version, peerVersion);
    call.status = status;
    try {
      this.inFlight.add(call);
      this.#options.heads.get(action).begin(output, options.headers);
      if (options.parentTask.nodeId === '') output.writeByte(0);
      else taskId.write(output, options.parentTask);
      (action.request as Codec<unknown, unknown>).write(output, request);
      const { tail } = output;
      if (tail !== null) this.#writer.checkTail();
      const compress = options.compress && tail === null;
      if (compress) compressBody(output);
      const bits = compress ? status | STATUS.compressed : status;
      const maxFrameBytes = tail === null ? limits.maxFrameBytes : limits.maxStreamBytes;
      endFrame(output, highWord(call.id), call.id | 0, bits, version, maxFrameBytes);
    } catch (error) {
      this.inFlight.take(call.id);
      this.#writer.rollback();
      closeUnsent(action.request, request);
      throw TransportError.from(error, 'ERR_USAGE');
    }
    if (this.inFlight.get(call.id) !== call) {
      // While it was written its signal fired, or the channel was closed: it is settled.
      this.#writer.rollback();
      closeUnsent(action.request, request);
      return;
    }
    call.sequence = this.#writer.commit();
  }

  /**
   * The call that waits for the answer with this id; if none does, the answer is counted. A handshake is answered by a handshake only, and nothing
   * else is; errors never say which they answer (wire-format.md §10.2).
   */
  expects(id: number, status: number): PendingCall | undefined {
    const call = this.inFlight.get(id);
    if (call !== undefined && ((status & STATUS.error) !== 0 || ((status ^ call.status) & STATUS.handshake) === 0)) return call;
    if (this.inFlight.wasGivenUp(id)) this.lateAnswers++;
    else this.unknownAnswers++;
    return undefined;
  }

  /** Settles the call with what the body holds. */
  // hot: call
  settle(id: number, isError: boolean, input: StreamInput): void {
    const call = this.inFlight.take(id);
    if (call === undefined) {
      // It was given up between the header of its answer and the end.
      if (this.inFlight.wasGivenUp(id)) this.lateAnswers++;
      return;
    }
    if (isError) {
      call.reject(readRemoteError(input));
      return;
    }
    let value: unknown;
    try {
      value = call.action.response.read(input);
      input.expectEnd('response');
    } catch (error) {
      call.reject(notDecoded(call.action, error));
      return;
    }
    call.resolve(value);
  }

  /**
   * Reads what stands in front of the stream of an answer.
   *
   * @returns settles the call
   * @throws ERR_DECODE when more bytes are needed, or they are malformed
   */
  readHead(call: PendingCall, input: StreamInput): (stream: IncomingStream) => void {
    const value = call.action.response.read(input);
    return (stream) => {
      if (this.inFlight.take(call.id) === undefined) {
        // It was given up since the header of its answer: nobody will read.
        if (this.inFlight.wasGivenUp(call.id)) this.lateAnswers++;
        stream.drop();
        return;
      }
      stream.patienceMs = call.timeoutMs;
      call.resolve(value);
    };
  }

  /** The answer came and cannot be read at all. */
  reject(id: number, error: TransportError): void {
    this.inFlight.take(id)?.reject(error);
  }
}

function tooMany({ action }: PendingCall, request: unknown, text: string): OverloadedError {
  closeUnsent(action.request, request);
  return new OverloadedError('ERR_OVERLOADED', {}, `${action.name}: ${text}`);
}

function notDecoded(action: AnyAction, error: unknown): DecodeError {
  const cause = error instanceof DecodeError ? error : undefined;
  const details = { cause: error, path: cause?.path ?? [], ...(cause?.offset === undefined ? {} : { offset: cause.offset }) };
  return new DecodeError('ERR_DECODE', details, `response of ${action.name}: ${(error as Error).message}`);
}

function readRemoteError(input: StreamInput): TransportError {
  try {
    return new RemoteError(toRemoteCause(readErrorResponse(input), input.peerVersion));
  } catch (cause) {
    return new DecodeError('ERR_DECODE', { cause }, `the peer answered with an error that cannot be read: ${(cause as Error).message}`);
  }
}
