import type { AnyAction, RequestOf, ResponseOf } from '../../protocol/action/define-action.ts';
import type { Codec } from '../../protocol/codec/codec.ts';
import { readErrorResponse } from '../../protocol/codec/exception/error-response.ts';
import { toRemoteCause } from '../../protocol/codec/exception/remote-cause.ts';
import { taskId } from '../../protocol/codec/task-id.ts';
import { reasonOf } from '../../protocol/error/reason-of.ts';
import { RemoteError } from '../../protocol/error/remote-error.ts';
import {
  CancelledError,
  ConnectionLostError,
  DecodeError,
  OverloadedError,
  TransportError,
  UsageError,
} from '../../protocol/error/transport-error.ts';
import { endFrame } from '../../protocol/frame/native/encoder.ts';
import { highWord, STATUS } from '../../protocol/frame/native/fixed-header.ts';
import type { RequestHeads } from '../../protocol/frame/native/request-head.ts';
import type { WireLimits } from '../../protocol/wire/limits.ts';
import type { StreamInput } from '../../protocol/wire/stream-input.ts';
import type { StreamOutput } from '../../protocol/wire/stream-output.ts';
import { minVersion, V_EMPTY, type VersionId } from '../../protocol/wire/version.ts';
import type { CallOptions } from '../call/call.ts';
import type { CallMetrics } from '../call/call-metrics.ts';
import { type CallEnded, callIdOf, type CallStarted, diagnostics } from '../call/diagnostics.ts';
import type { SignalRegistry } from '../util/signal-registry.ts';
import { mayBeThenable, promisedBy, reasonOfSignal } from '../util/user-code.ts';
import type { ChannelLife } from './channel-life.ts';
import { deflateIfSmall, deflateLater, type Deflating, type HeldFrame, writeHeld } from './deflating.ts';
import { HeadersWatcher } from './headers-watcher.ts';
import { type CallWatcher, InFlightTable, nameOf, PendingCall } from './in-flight.ts';
import type { IncomingStream } from './incoming-stream.ts';
import type { PeerReleases } from './peer-releases.ts';
import { PLAIN, type SendOptions, sendOptions } from './send-options.ts';
import type { StreamedMessage } from './stream-head.ts';
import { closeUnsent } from './unsent-source.ts';
import type { Writer } from './writer.ts';

/** Deadline of a call without `timeoutMs`, in milliseconds. */
export const DEFAULT_TIMEOUT_MS = 30_000;

/** What the calls of all channels of an endpoint share. */
export interface OutgoingOptions {
  readonly role: 'dialed' | 'accepted';
  readonly signals: SignalRegistry;
  readonly limits: WireLimits;
  /** Newest stream version we speak. */
  readonly version: VersionId;
  /** Upper bound of calls in flight on one channel. */
  readonly maxInFlight: number;
  /** Upper bound of bytes that wait to be written on one channel, beyond which calls are refused. */
  readonly maxBufferedBytes: number;
  /** Heads of requests by action; shared by an endpoint's channels. */
  readonly heads: RequestHeads;
  /** Releases told in handshakes; shared by an endpoint's channels. */
  readonly releases: PeerReleases;
  /** Where calls are counted; null if they are not. */
  readonly outgoingMetrics: CallMetrics | null;
}

let resolveNext: (value: never) => void;
let rejectNext: (error: TransportError) => void;

/** One executor for the promise of every call: a closure per call would cost as much as the promise. @see performance.md L7 */
const captureSettlers = (resolve: (value: never) => void, reject: (error: TransportError) => void): void => {
  resolveNext = resolve;
  rejectNext = reject;
};

/** The calls a channel makes: it sends their requests, files them, and settles them with the answers. */
export class OutgoingCalls implements CallWatcher {
  /** Stream version of requests: what the handshake agreed on. */
  streamVersion: VersionId;
  /** The peer's release, from its handshake; 0 while it is unknown. */
  peerVersion: VersionId;
  readonly inFlight: InFlightTable;
  /** Answers to calls that were given up. */
  lateAnswerCount = 0;
  /** Answers with an id that no call has. */
  unknownAnswerCount = 0;
  readonly #writer: Writer;
  readonly #life: ChannelLife;
  readonly #options: OutgoingOptions;
  /** The change of the releases told by other channels up to which they say nothing about the peer. */
  #askedAt = -1;

  constructor(writer: Writer, life: ChannelLife, options: OutgoingOptions) {
    this.streamVersion = options.version;
    // A dialling end shakes hands before it calls; an accepting end may never see the handshake of its peer.
    this.peerVersion = options.role === 'dialed' ? options.version : V_EMPTY;
    this.#writer = writer;
    this.#life = life;
    this.#options = options;
    this.inFlight = new InFlightTable(life, options.signals);
  }

  /** Calls an action with the options of a user. */
  callWith<A extends AnyAction>(action: A, request: RequestOf<A>, options: CallOptions): Promise<ResponseOf<A>> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, signal = null } = options;
    return this.call(action, request, timeoutMs, signal, sendOptions(options, PLAIN));
  }

  /**
   * Calls an action. The promise is the only one made; the call never throws synchronously.
   *
   * @param timeoutMs what is left of the caller's time
   * @throws ERR_CONNECTION_LOST (`not-sent` when the channel takes no more calls), ERR_USAGE, ERR_MESSAGE_TOO_LARGE, ERR_OVERLOADED, ERR_DEADLINE,
   *   ERR_CANCELLED, ERR_REMOTE, ERR_DECODE, ERR_PAYLOAD_LIMIT
   */
  // hot: call
  call<A extends AnyAction>(
    action: A,
    request: unknown,
    timeoutMs: number,
    signal: AbortSignal | null,
    options: SendOptions,
  ): Promise<ResponseOf<A>> {
    const promise = new Promise<ResponseOf<A>>(captureSettlers as never);
    const watcher = this.#isWatched || options.onResponseHeaders !== null ? this.#watcherFor(options) : null;
    const call = new PendingCall(action, timeoutMs, signal, watcher, resolveNext, rejectNext);
    try {
      if (diagnostics.callStart.hasSubscribers) this.#publishStart(call);
      if (!(timeoutMs > 0) || signal?.aborted === true) {
        closeUnsent(action.request, request);
        call.reject(timeoutMs > 0 ? cancelledBeforeSending(action.name, signal as AbortSignal) : badTimeout(action.name, timeoutMs));
        return promise;
      }
      this.send(call, request, options);
    } catch (error) {
      call.reject(TransportError.from(error, 'ERR_USAGE'));
    }
    return promise;
  }

  /** A call whose headers are asked for has a watcher of its own: a field for the few would be paid for by all. */
  #watcherFor({ onResponseHeaders }: SendOptions): CallWatcher {
    return onResponseHeaders === null ? this : new HeadersWatcher(this, onResponseHeaders);
  }

  /** Nobody asked for the headers of this call's answer. */
  onResponseHeaders(): void {}

  #publishStart(call: PendingCall): void {
    const { action } = call;
    diagnostics.callStart.publish({ callId: callIdOf(call), action: action.name, remote: this.#life.link.remote } satisfies CallStarted);
  }

  /** True when metrics or a subscriber want to know how calls end. */
  // hot: call
  get #isWatched(): boolean {
    return this.#options.outgoingMetrics !== null || diagnostics.callEnd.hasSubscribers;
  }

  onSettled(call: PendingCall, durationMs: number, error: TransportError | null): void {
    this.#options.outgoingMetrics?.record(call.action, durationMs, error);
    if (diagnostics.callEnd.hasSubscribers) this.#publishEnd(call, durationMs, error);
  }

  #publishEnd(call: PendingCall, durationMs: number, error: TransportError | null): void {
    const { action, id } = call;
    const { remote } = this.#life.link;
    const requestId = id === 0 ? null : id;
    diagnostics.callEnd.publish({
      callId: callIdOf(call),
      action: action.name,
      requestId,
      remote,
      durationMs,
      error,
    } satisfies CallEnded);
  }

  /**
   * Sends the request of a call; see {@link sendAs}.
   *
   * @throws ERR_CONNECTION_LOST when the channel takes no more calls, and what {@link sendAs} throws
   */
  // hot: call
  send(call: PendingCall, request: unknown, options: SendOptions): void {
    const peerVersion = this.peerVersion === V_EMPTY ? this.#likelyRelease(this.streamVersion) : this.peerVersion;
    this.sendAs(call, request, 0, this.streamVersion, peerVersion, options);
  }

  /** The peer's release where it is known, else the stream version of the message. */
  // hot: call
  peerVersionOr(version: VersionId): VersionId {
    return this.peerVersion === V_EMPTY ? version : this.peerVersion;
  }

  /**
   * Follows a request of the peer on an accepted channel: it has the stream version that a handshake, perhaps on another channel, agreed on.
   * While its release is unknown, the other channels of its host are asked again whenever one of them has told another.
   */
  // hot: call
  follow(version: VersionId): void {
    const { version: own, releases } = this.#options;
    this.streamVersion = minVersion(version, own);
    if (this.peerVersion !== V_EMPTY || this.#askedAt === releases.changeCount) return;
    this.#askedAt = releases.changeCount;
    this.peerVersion = version < own ? version : releases.of(this.#life.link.remote.host);
  }

  /** A peer older than we are writes its own release in its frames; of another one, other channels of its host may know more. */
  #likelyRelease(version: VersionId): VersionId {
    if (version < this.#options.version) return version;
    const told = this.#options.releases.of(this.#life.link.remote.host);
    return told === V_EMPTY ? version : told;
  }

  /**
   * Encodes a request and files its call. The call settles when the answer comes, its deadline passes, its signal fires or the channel ends.
   *
   * @param status bits besides the compressed one
   * @throws ERR_CONNECTION_LOST, ERR_USAGE, ERR_MESSAGE_TOO_LARGE, ERR_OVERLOADED; nothing was sent and the call is not filed. The source of a stream
   *   is closed
   */
  // hot: call
  sendAs(call: PendingCall, request: unknown, status: number, version: VersionId, peerVersion: VersionId, options: SendOptions): void {
    if (this.#life.state !== 'open') throw this.#notOpen(call, request);
    const { maxInFlight, maxBufferedBytes, limits } = this.#options;
    if (this.inFlight.size >= maxInFlight) throw tooMany(call, request, `${this.inFlight.size} calls are in flight already (maxInFlight)`);
    const buffered = this.#writer.bufferedBytes;
    if (buffered > maxBufferedBytes) throw tooMany(call, request, `${buffered} bytes wait to be written (maxBufferedBytes)`);
    const { action } = call;
    let output: StreamOutput;
    try {
      output = this.#writer.begin(version, peerVersion);
    } catch (error) {
      closeUnsent(action.request, request);
      throw error;
    }
    call.status = status;
    let deflating: Deflating = 'plain';
    try {
      this.inFlight.add(call);
      this.#options.heads.get(action).begin(output, options.headers);
      if (options.parentTask.nodeId === '') output.writeByte(0);
      else taskId.write(output, options.parentTask);
      (action.request as Codec<unknown, unknown>).write(output, request);
      const { tail } = output;
      if (tail !== null) this.#writer.checkTail();
      if (options.compress && tail === null) deflating = deflateIfSmall(output, limits);
      const bits = deflating === 'deflated' ? status | STATUS.compressed : status;
      const maxFrameBytes = tail === null ? limits.maxFrameBytes : limits.maxStreamBytes;
      if (deflating !== 'later') endFrame(output, highWord(call.id), call.id | 0, bits, version, maxFrameBytes);
    } catch (error) {
      const { tail } = output;
      this.inFlight.take(call.id);
      this.#writer.rollback();
      closeUnsent(action.request, request, tail);
      throw TransportError.from(error, 'ERR_USAGE');
    }
    if (this.inFlight.get(call.id) !== call) {
      // While the request was encoded its signal fired, or the channel was closed: the call is settled.
      const { tail } = output;
      this.#writer.rollback();
      closeUnsent(action.request, request, tail);
      return;
    }
    if (deflating === 'later') {
      this.#sendLater(call, version, peerVersion, output);
      return;
    }
    call.sequence = this.#writer.commit();
  }

  /** Sends the request just encoded when it is deflated, if its call still waits then. */
  #sendLater(call: PendingCall, version: VersionId, peerVersion: VersionId, output: StreamOutput): void {
    deflateLater(this.#life, this.#writer, this.#options.limits, output, (frame) => this.#sendDeflated(call, version, peerVersion, frame));
  }

  #sendDeflated(call: PendingCall, version: VersionId, peerVersion: VersionId, frame: HeldFrame): void {
    if (this.#life.isClosed || this.inFlight.get(call.id) !== call) return;
    const output = this.#writer.begin(version, peerVersion);
    try {
      writeHeld(output, frame, highWord(call.id), call.id | 0, call.status, version, this.#options.limits.maxFrameBytes);
    } catch (error) {
      this.#writer.rollback();
      this.reject(call.id, TransportError.from(error, 'ERR_USAGE'));
      this.#life.onDone();
      return;
    }
    call.sequence = this.#writer.commit();
  }

  #notOpen({ action }: PendingCall, request: unknown): ConnectionLostError {
    closeUnsent(action.request, request);
    return new ConnectionLostError('ERR_CONNECTION_LOST', { delivery: 'not-sent' }, `${this.#life.label} is ${this.#life.state}`);
  }

  /**
   * Returns the call that waits for the answer with this id, or counts the answer. A handshake is answered by a handshake only, and other calls never
   * are; error responses do not say which of them they answer (wire-format.md §10.2).
   */
  expects(id: number, status: number): PendingCall | undefined {
    const call = this.inFlight.get(id);
    if (call !== undefined && ((status & STATUS.error) !== 0 || ((status ^ call.status) & STATUS.handshake) === 0)) return call;
    if (this.inFlight.wasGivenUp(id)) this.lateAnswerCount++;
    else this.unknownAnswerCount++;
    return undefined;
  }

  /** Settles a call with the body of its answer. */
  // hot: call
  settle(id: number, isError: boolean, input: StreamInput): void {
    const call = this.inFlight.take(id);
    if (call === undefined) {
      // The call was given up between the header of its answer and the end.
      if (this.inFlight.wasGivenUp(id)) this.lateAnswerCount++;
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
      // A promise would take the place of the answer, and might never settle: the call has no deadline any more.
      if (mayBeThenable(value)) throw promisedBy('the codec', value);
    } catch (error) {
      call.reject(notDecoded(call, error));
      return;
    }
    call.resolve(value);
  }

  /** The answer of a call that ends with a stream: the call settles when the stream begins. */
  streamedAnswer(call: PendingCall): StreamedMessage {
    return {
      read: (input) => {
        const value = call.action.response.read(input);
        // Judged when the stream begins, for the codec may change it until then.
        return (stream) => this.#settleStreamed(call, value, stream);
      },
      fail: (error) => {
        this.reject(call.id, error);
        this.#life.onDone();
      },
      // The channel settles its calls itself.
      abandon: () => undefined,
    };
  }

  #settleStreamed(call: PendingCall, value: unknown, stream: IncomingStream): void {
    if (this.inFlight.take(call.id) === undefined) {
      // The call was given up since the header of its answer came: the stream has no reader.
      if (this.inFlight.wasGivenUp(call.id)) this.lateAnswerCount++;
      stream.drop();
      return;
    }
    stream.patienceMs = call.timeoutMs;
    if (!mayBeThenable(value)) return call.resolve(value);
    stream.drop();
    call.reject(notDecoded(call, promisedBy('the codec', value)));
  }

  /** Fails a call whose answer came and cannot be read at all. */
  reject(id: number, error: TransportError): void {
    this.inFlight.take(id)?.reject(error);
  }
}

/** Error for a `timeoutMs` that is not a positive number. */
export function badTimeout(what: string, timeoutMs: number): UsageError {
  return new UsageError('ERR_USAGE', {}, `timeoutMs of ${what} must be a number > 0, got ${timeoutMs}`);
}

/** Error for a call whose signal had fired before anything was sent. */
export function cancelledBeforeSending(what: string, signal: AbortSignal): CancelledError {
  const text = `${what} was cancelled by its caller before it was sent`;
  return new CancelledError('ERR_CANCELLED', { cause: reasonOfSignal(signal), delivery: 'not-sent' }, text);
}

function tooMany({ action }: PendingCall, request: unknown, text: string): OverloadedError {
  closeUnsent(action.request, request);
  return new OverloadedError('ERR_OVERLOADED', {}, `cannot call ${action.name}: ${text}`);
}

function notDecoded(call: PendingCall, error: unknown): DecodeError {
  const cause = error instanceof DecodeError ? error : undefined;
  const details = { cause: error, path: cause?.path ?? [], ...(cause?.offset === undefined ? {} : { offset: cause.offset }) };
  return new DecodeError(codeOf(error), details, `response of ${nameOf(call)}: ${reasonOf(error)}`);
}

function readRemoteError(input: StreamInput): TransportError {
  try {
    return new RemoteError(toRemoteCause(readErrorResponse(input), input.peerVersion));
  } catch (cause) {
    return new DecodeError(codeOf(cause), { cause }, `cannot read the error response of the peer: ${reasonOf(cause)}`);
  }
}

/** ERR_PAYLOAD_LIMIT for bytes that turn into too much, ERR_DECODE for all else. */
function codeOf(error: unknown): 'ERR_DECODE' | 'ERR_PAYLOAD_LIMIT' {
  return error instanceof DecodeError && error.code === 'ERR_PAYLOAD_LIMIT' ? 'ERR_PAYLOAD_LIMIT' : 'ERR_DECODE';
}
