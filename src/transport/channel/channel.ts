import { setMaxListeners } from 'node:events';
import type { AnyAction, RequestOf, ResponseOf } from '../../protocol/action/define-action.ts';
import { ConnectionLostError, FrameError, TransportError } from '../../protocol/error/transport-error.ts';
import { inflateBody } from '../../protocol/frame/native/compression.ts';
import { BODY_MODE, DECODED, NativeDecoder } from '../../protocol/frame/native/decoder.ts';
import { PING, STATUS } from '../../protocol/frame/native/fixed-header.ts';
import { NOT_AN_HTTP_PORT } from '../../protocol/frame/native/foreign-marker.ts';
import type { HeaderCache } from '../../protocol/frame/native/header-cache.ts';
import type { VariableHeader } from '../../protocol/frame/native/variable-header.ts';
import type { WireLimits } from '../../protocol/wire/limits.ts';
import { StreamInput } from '../../protocol/wire/stream-input.ts';
import { minVersion, type VersionId } from '../../protocol/wire/version.ts';
import type { CallOptions } from '../call/call.ts';
import type { Dispatcher, Registration } from '../call/dispatcher.ts';
import type { Conversation, RequestFrame } from '../call/server-context.ts';
import { formatEndpoint } from '../carrier/endpoint.ts';
import type { Endpoint, Link, LinkSink } from '../carrier/link.ts';
import { bodies } from '../util/body-pool.ts';
import { waitUntil } from '../util/deadline-wheel.ts';
import type { SignalRegistry } from '../util/signal-registry.ts';
import { callOn, PLAIN, sendOptions } from './call-on.ts';
import type { InFlightOwner, PendingCall } from './in-flight.ts';
import { Outbox } from './outbox.ts';
import { type HeaderBlocks, OutgoingCalls, type SendOptions } from './outgoing-calls.ts';
import { RequestServer } from './request-server.ts';
import { checkFrameVersion } from './version-policy.ts';

/** Bytes that may wait to be written to a slow reader before we stop reading its requests. */
const READ_PAUSE_BYTES = 1024 * 1024;

/** Deadline of a call unless it says otherwise. */
export const DEFAULT_TIMEOUT_MS = 30_000;

/** Where a channel is in its life. It changes in one function. */
export type ChannelState = 'open' | 'draining' | 'closed';

/** What is told of a channel. */
export interface ChannelObserver {
  /** Called once when the channel is over; null when either end closed it in good order. */
  onChannelClosed(channel: Channel, error: TransportError | null): void;
  /** A handler's answer could not be written as it is. */
  onHandlerError(action: string, error: unknown): void;
}

/** What the channels of one endpoint share, and what tells them apart. */
export interface ChannelOptions {
  /** Accepting ends answer pings and HTTP requests. */
  readonly role: 'dialed' | 'accepted';
  readonly limits: WireLimits;
  readonly headers: HeaderCache;
  readonly blocks: HeaderBlocks;
  readonly signals: SignalRegistry;
  /** Who serves requests that come in. */
  readonly dispatcher: Dispatcher;
  /** Our node's name, for error messages. */
  readonly nodeName: string;
  /** Newest stream version we write in answers. */
  readonly version: VersionId;
  readonly maxInFlight: number;
  readonly maxBufferedBytes: number;
  readonly observer: ChannelObserver;
}

/** One link with its conversation: calls in flight, requests served, pings. Either end may send requests. */
export class Channel implements LinkSink, InFlightOwner, Conversation {
  /** Stream version of our requests: what the handshake agreed on. */
  streamVersion: VersionId;
  /** The peer's release, from its handshake. */
  peerVersion: VersionId;
  /** Messages and pings received. */
  received = 0;
  /** Free for whoever made the channel. */
  attachment: unknown = null;
  readonly outgoing: OutgoingCalls;
  readonly #link: Link;
  readonly #options: ChannelOptions;
  readonly #decoder: NativeDecoder;
  readonly #input: StreamInput;
  readonly #outbox: Outbox;
  readonly #server: RequestServer;
  #state: ChannelState = 'open';
  #ended: AbortController | null = null;
  #paused = false;
  #registration: Registration | null = null;
  #refusal: TransportError | null = null;
  #closing: Promise<void> | null = null;
  #onIdle: (() => void) | null = null;

  constructor(link: Link, options: ChannelOptions) {
    this.#link = link;
    this.#options = options;
    this.streamVersion = options.version;
    this.peerVersion = options.version;
    this.#decoder = new NativeDecoder({ limits: options.limits, headers: options.headers, allocateBody: bodies.take });
    this.#input = new StreamInput(NOTHING);
    this.#outbox = new Outbox(link);
    this.outgoing = new OutgoingCalls(this.#outbox, {
      owner: this,
      signals: options.signals,
      maxFrameBytes: options.limits.maxFrameBytes,
      maxInFlight: options.maxInFlight,
      maxBufferedBytes: options.maxBufferedBytes,
      blocks: options.blocks,
    });
    this.#server = new RequestServer(this.#outbox, options.dispatcher, this, {
      onAnswered: () => this.#checkIdle(),
      nodeName: options.nodeName,
      version: options.version,
      maxFrameBytes: options.limits.maxFrameBytes,
      onHandlerError: (action, error) => options.observer.onHandlerError(action, error),
    });
  }

  get state(): ChannelState {
    return this.#state;
  }

  get local(): Endpoint {
    return this.#link.local;
  }

  get remote(): Endpoint {
    return this.#link.remote;
  }

  get label(): string {
    return `[${formatEndpoint(this.#link.remote)}]`;
  }

  /** Messages handed to the link so far: with {@link received} it tells whether the channel is idle. */
  get written(): number {
    return this.#outbox.sent;
  }

  /** Calls of ours and requests of the peer under way. */
  get busy(): number {
    return this.outgoing.inFlight.size + this.#server.running;
  }

  /** Fires when the channel is over. Made when first asked for. */
  get ended(): AbortSignal {
    if (this.#ended === null) {
      this.#ended = new AbortController();
      setMaxListeners(0, this.#ended.signal);
      if (this.#state === 'closed') this.#ended.abort(new ConnectionLostError('ERR_CONNECTION_LOST', {}, `${this.label} is closed`));
    }
    return this.#ended.signal;
  }

  wasSent(sequence: number): boolean {
    return sequence <= this.#outbox.sent;
  }

  /**
   * Sends a request; see {@link OutgoingCalls.send}.
   *
   * @throws ERR_CONNECTION_LOST when the channel takes no more calls
   */
  // hot: call
  send(call: PendingCall, request: unknown, options: SendOptions = PLAIN): void {
    if (this.#state !== 'open') throw this.#over();
    this.outgoing.send(call, request, 0, this.streamVersion, this.peerVersion, options);
  }

  call<A extends AnyAction>(action: A, request: RequestOf<A>, options: CallOptions = {}): Promise<ResponseOf<A>> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, signal = null } = options;
    return callOn(this, action, request, timeoutMs, signal, sendOptions(options, false));
  }

  /** Sends the TCP handshake: its own status bit and header version. */
  sendHandshake(call: PendingCall, request: unknown, version: VersionId): void {
    if (this.#state !== 'open') throw this.#over();
    this.outgoing.send(call, request, STATUS.handshake, version, version, PLAIN);
  }

  #over(): ConnectionLostError {
    return new ConnectionLostError('ERR_CONNECTION_LOST', { delivery: 'not-sent' }, `${this.label} is ${this.#state}`);
  }

  /** Sends a ping. */
  ping(): void {
    if (this.#state !== 'closed') this.#outbox.writeRaw(PING);
  }

  onBytes(chunk: Buffer): void {
    this.#decoder.push(chunk);
    this.#receive();
  }

  readTarget(): Buffer | null {
    return this.#decoder.target;
  }

  onFilled(count: number): void {
    this.#decoder.filled(count);
    this.#receive();
  }

  onDrain(): void {
    this.#outbox.drained();
    if (!this.#paused) return;
    this.#paused = false;
    this.#link.resume();
  }

  onClose(error: TransportError | null): void {
    const cut = error === null && this.#decoder.midFrame && this.#state !== 'closed';
    this.#end(cut ? new ConnectionLostError('ERR_CONNECTION_LOST', {}, `${this.label} ended in the middle of a frame`) : error);
  }

  /** The receive loop: every frame is consumed before anyone is asked what it is for. */
  // hot: call
  #receive(): void {
    const decoder = this.#decoder;
    try {
      for (let found = decoder.next(); found !== DECODED.needMore; found = decoder.next()) {
        if (this.#state === 'closed') return;
        if (found === DECODED.header) this.#onHeader(decoder);
        else if (found === DECODED.body) this.#onBody(decoder);
        else if (found === DECODED.end) this.#onDiscarded(decoder);
        else this.#onPing();
      }
    } catch (error) {
      this.#break(TransportError.from(error, 'ERR_CONNECTION_LOST'));
      return;
    }
    // Only the accepting end pauses: if both did, each would wait for the other to read.
    if (this.#outbox.blocked && !this.#paused && this.#options.role === 'accepted' && this.#link.bufferedBytes > READ_PAUSE_BYTES) {
      this.#paused = true;
      this.#link.pause();
    }
  }

  #onPing(): void {
    this.received++;
    if (this.#options.role === 'accepted') this.#outbox.writeRaw(PING);
  }

  // hot: call
  #onHeader(decoder: NativeDecoder): void {
    this.received++;
    const { status } = decoder;
    const refused = checkFrameVersion(decoder.version, (status & STATUS.handshake) !== 0);
    if (refused !== null) throw refused;
    this.#registration = null;
    this.#refusal = null;
    if ((status & STATUS.response) !== 0) {
      // A compressed answer that nobody waits for is read all the same: one that does not inflate ends the channel (conformance.md CMP-022).
      if (!this.outgoing.expects(decoder.requestId) && (status & STATUS.compressed) === 0) decoder.bodyMode = BODY_MODE.discard;
      return;
    }
    // Requests of ours on an accepted link follow the peer's: nothing else tells what its handshake, perhaps on another link, agreed on.
    if (this.#options.role === 'accepted' && (status & STATUS.handshake) === 0) this.streamVersion = minVersion(decoder.version, this.#options.version);
    const admitted = this.#state === 'draining' ? nodeClosed(this.#options.nodeName) : this.#server.admit(decoder.variable, decoder.bodyBytes);
    if (admitted instanceof TransportError) {
      this.#refusal = admitted;
      decoder.bodyMode = BODY_MODE.discard;
    } else {
      this.#registration = admitted;
    }
  }

  #onDiscarded(decoder: NativeDecoder): void {
    const refusal = this.#refusal;
    this.#refusal = null;
    if (refusal !== null) this.#server.refuse(decoder.variable, decoder, refusal);
  }

  // hot: call
  #onBody(decoder: NativeDecoder): void {
    const { status, version } = decoder;
    if ((status & STATUS.compressed) !== 0) {
      this.#onCompressedBody(decoder);
      return;
    }
    const input = this.#input;
    const response = (status & STATUS.response) !== 0;
    const peerVersion = response ? this.peerVersion : version;
    input.reset(decoder.body, decoder.bodyStart, decoder.bodyEnd, version, peerVersion, decoder.bodyOwned);
    if (response) {
      this.outgoing.settle(decoder.requestId, (status & STATUS.error) !== 0, input);
      this.#checkIdle();
      return;
    }
    const registration = this.#registration as Registration;
    this.#registration = null;
    this.#server.serve(registration, decoder.variable, decoder, input);
  }

  #onCompressedBody(decoder: NativeDecoder): void {
    const { requestId, variable, version } = decoder;
    const isResponse = (decoder.status & STATUS.response) !== 0;
    const isError = (decoder.status & STATUS.error) !== 0;
    const frame = frameOf(decoder);
    const registration = this.#registration;
    this.#registration = null;
    const view = decoder.body.subarray(decoder.bodyStart, decoder.bodyEnd);
    const body = decoder.bodyOwned ? view : Buffer.from(view);
    inflateBody(body, this.#options.limits.maxInflatedBytes, (error, inflated) => {
      if (this.#state === 'closed') {
        if (registration !== null) this.#options.dispatcher.release(frame.bodyBytes);
        return;
      }
      if (error !== null) this.#onInflateError(error, isResponse, requestId, registration, variable, frame);
      else if (isResponse) {
        this.outgoing.settle(requestId, isError, this.#inputOver(inflated, version, this.peerVersion));
        this.#checkIdle();
      } else if (registration !== null) {
        this.#options.dispatcher.charge(inflated.length - frame.bodyBytes);
        const inflatedFrame = { ...frame, bodyBytes: inflated.length };
        this.#server.serve(registration, variable, inflatedFrame, this.#inputOver(inflated, version, version));
      }
    });
  }

  #inputOver(body: Buffer, version: VersionId, peerVersion: VersionId): StreamInput {
    const input = new StreamInput(body, { version, peerVersion });
    input.owned = true;
    return input;
  }

  /** A body that does not inflate breaks the protocol; one that inflates to too much costs its call only. */
  #onInflateError(
    error: TransportError,
    isResponse: boolean,
    requestId: number,
    registration: Registration | null,
    variable: VariableHeader,
    frame: RequestFrame,
  ): void {
    if (isResponse) this.outgoing.reject(requestId, error);
    else if (registration !== null) this.#server.abandon(variable, frame, error);
    if (error instanceof FrameError) this.#break(error);
  }

  /** The peer broke the protocol: it is told where a node would tell it, and the link ends. */
  #break(error: TransportError): void {
    if (this.#options.role === 'accepted' && error.message === NOT_AN_HTTP_PORT) {
      this.#outbox.writeRaw(Buffer.from(NOT_AN_HTTP_PORT));
      this.#end(error);
      this.#link.close();
      return;
    }
    this.#end(error);
    this.#link.abort();
  }

  /**
   * Takes no more calls, waits until those under way are answered (at most `drainMs`), then ends the link. Idempotent.
   *
   * @param drainMs milliseconds; 0 ends it at once, unanswered calls fail with ERR_CONNECTION_LOST
   */
  close(drainMs: number): Promise<void> {
    this.#closing ??= this.#drain(drainMs);
    return this.#closing;
  }

  async #drain(drainMs: number): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'draining';
    if (this.busy > 0 && drainMs > 0) {
      await new Promise<void>((resolve) => {
        const stop = waitUntil(drainMs, resolve);
        this.#onIdle = () => {
          stop();
          resolve();
        };
      });
    }
    this.#outbox.flush();
    this.#end(null);
    this.#link.close();
  }

  #checkIdle(): void {
    if (this.#onIdle !== null && this.busy === 0) this.#onIdle();
  }

  /** Ends the link now; unanswered calls fail with ERR_CONNECTION_LOST. Idempotent. */
  abort(error: TransportError | null = null): void {
    this.#end(error);
    this.#link.abort();
  }

  /** The one place where a channel ends. */
  #end(error: TransportError | null): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    if (this.#registration !== null) {
      this.#options.dispatcher.release(this.#decoder.bodyBytes);
      this.#registration = null;
    }
    this.#server.close();
    this.outgoing.inFlight.failAll((call, delivery) => {
      const text = `${this.label}[${call.action.name}] disconnected${error === null ? '' : `: ${error.message}`}`;
      return new ConnectionLostError('ERR_CONNECTION_LOST', { cause: error ?? undefined, delivery }, text);
    });
    this.#outbox.close();
    this.#ended?.abort(new ConnectionLostError('ERR_CONNECTION_LOST', { cause: error ?? undefined }, `${this.label} disconnected`));
    this.#onIdle?.();
    this.#options.observer.onChannelClosed(this, error);
  }
}

const NOTHING = Buffer.alloc(0);
function nodeClosed(nodeName: string): TransportError {
  return new TransportError('ERR_CLOSED', {}, `node closed [${nodeName}]: it takes no more requests`);
}

/** A copy of what the decoder says of the frame, for when the decoder has gone on. */
function frameOf({ idHigh, idLow, version, status, bodyBytes }: NativeDecoder): RequestFrame {
  return { idHigh, idLow, version, status, bodyBytes };
}
