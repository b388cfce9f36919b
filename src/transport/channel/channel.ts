import { setMaxListeners } from 'node:events';
import type { AnyAction, RequestOf, ResponseOf } from '../../protocol/action/define-action.ts';
import { ConnectionLostError, FrameError, OverloadedError, TransportError } from '../../protocol/error/transport-error.ts';
import { STATUS } from '../../protocol/frame/native/fixed-header.ts';
import { isHttpRequest, NOT_AN_HTTP_PORT } from '../../protocol/frame/native/foreign-marker.ts';
import { minVersion, type VersionId } from '../../protocol/wire/version.ts';
import type { CallOptions } from '../call/call.ts';
import type { CallMetrics } from '../call/call-metrics.ts';
import { type CallEnded, type ChannelChanged, diagnostics } from '../call/diagnostics.ts';
import { formatEndpoint } from '../carrier/endpoint.ts';
import type { Endpoint, Link, LinkSink } from '../carrier/link.ts';
import { waitUntil } from '../util/deadline-wheel.ts';
import { callOn, PLAIN, sendOptions } from './call-on.ts';
import type { CallWatcher, InFlightOwner, PendingCall } from './in-flight.ts';
import { Reader, type ReaderHost, type ReaderOptions } from './reader.ts';
import { Writer, type WriterHost } from './writer.ts';
import { OutgoingCalls, type OutgoingOptions, type SendOptions } from './outgoing-calls.ts';
import { type IncomingHost, type IncomingOptions, IncomingCalls } from './incoming-calls.ts';
import { closeUnsent } from './unsent-source.ts';

/** Bytes that may wait to be written to a slow reader before we stop reading its requests. */
const READ_PAUSE_BYTES = 1024 * 1024;

/** How far beyond `maxBufferedBytes` answers of a dialling end may pile up: its own requests and answers together. */
const DIALED_SLACK = 2;

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

/** What the channels of one endpoint share. */
export interface ChannelOptions extends OutgoingOptions, ReaderOptions, IncomingOptions {
  /** Accepting ends answer pings and HTTP requests. */
  readonly role: 'dialed' | 'accepted';
  /** Calls may take one of several channels: those made together then gather on one, so none leaves before the others. */
  readonly several: boolean;
  /** Where our calls are counted, or null. */
  readonly callMetrics: CallMetrics | null;
  readonly observer: ChannelObserver;
}

/** One link with what is under way on it: calls in flight, requests served, pings. Either end may send requests. */
export class Channel implements LinkSink, InFlightOwner, CallWatcher, ReaderHost, WriterHost, IncomingHost {
  /** Stream version of our requests: what the handshake agreed on. */
  streamVersion: VersionId;
  /** The peer's release, from its handshake. */
  peerVersion: VersionId;
  /** Free for whoever made the channel. */
  attachment: unknown = null;
  readonly outgoing: OutgoingCalls;
  readonly #link: Link;
  readonly #options: ChannelOptions;
  readonly #reader: Reader;
  readonly #writer: Writer;
  readonly #incoming: IncomingCalls;
  #state: ChannelState = 'open';
  #ended: AbortController | null = null;
  /** Paused because the peer does not read its answers. */
  #paused = false;
  /** Reasons for which the link is paused. */
  #pauses = 0;
  #closing: Promise<void> | null = null;
  #onIdle: (() => void) | null = null;

  constructor(link: Link, options: ChannelOptions) {
    this.#link = link;
    this.#options = options;
    this.streamVersion = options.version;
    this.peerVersion = options.version;
    this.#writer = new Writer(link, this);
    this.outgoing = new OutgoingCalls(this.#writer, this, options);
    this.#incoming = new IncomingCalls(this.#writer, this, options);
    this.#reader = new Reader(this, this.outgoing, this.#incoming, options);
    if (diagnostics.channelOpen.hasSubscribers) {
      diagnostics.channelOpen.publish({ remote: link.remote, role: options.role, error: null } satisfies ChannelChanged);
    }
  }

  get closed(): boolean {
    return this.#state === 'closed';
  }

  /** Somebody wants to know how calls end. */
  // hot: call
  get isWatched(): boolean {
    return this.#options.callMetrics !== null || diagnostics.callEnd.hasSubscribers;
  }

  onSettled({ action }: PendingCall, durationMs: number, error: TransportError | null): void {
    this.#options.callMetrics?.record(action, durationMs, error);
    if (diagnostics.callEnd.hasSubscribers) {
      diagnostics.callEnd.publish({ action: action.name, remote: this.remote, durationMs, error } satisfies CallEnded);
    }
  }

  /** Messages and pings received so far. */
  get received(): number {
    return this.#reader.received;
  }

  /** Bytes received so far. */
  get receivedBytes(): number {
    return this.#reader.receivedBytes;
  }

  /** True while a message has begun whose rest is the peer's to send: we read, and it has not come. */
  get awaitsRest(): boolean {
    return this.#pauses === 0 && this.#reader.midFrame;
  }

  /** While draining, requests are refused. */
  get refusal(): TransportError | null {
    return this.#state === 'draining' ? nodeClosed(this.#options.nodeName) : null;
  }

  /** True while another small message would leave in the same write as those before it. */
  // hot: call
  get gathering(): boolean {
    return this.#writer.gathering;
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

  /** Messages and pings written so far: with {@link received} it tells whether the channel is idle. */
  get written(): number {
    return this.#writer.sequence;
  }

  /** Calls of ours, requests of the peer and streams under way. */
  get busy(): number {
    const streaming = this.#writer.streaming === 0 ? 0 : 1;
    return this.outgoing.inFlight.size + this.#incoming.running + this.#reader.underWay + streaming;
  }

  // hot: call
  get isAlone(): boolean {
    return !this.#options.several && this.outgoing.inFlight.size + this.#incoming.running <= 1 && !this.#reader.hasMore;
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
    return sequence !== 0 && sequence <= this.#writer.sent;
  }

  /**
   * Sends a request; see {@link OutgoingCalls.send}.
   *
   * @throws ERR_CONNECTION_LOST when the channel takes no more calls
   */
  // hot: call
  send(call: PendingCall, request: unknown, options: SendOptions = PLAIN): void {
    if (this.#state !== 'open') throw this.#refused(call, request);
    this.outgoing.send(call, request, 0, this.streamVersion, this.peerVersion, options);
  }

  call<A extends AnyAction>(action: A, request: RequestOf<A>, options: CallOptions = {}): Promise<ResponseOf<A>> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, signal = null } = options;
    return callOn(this, action, request, timeoutMs, signal, sendOptions(options, PLAIN));
  }

  /** Sends the TCP handshake: its own status bit and header version. */
  sendHandshake(call: PendingCall, request: unknown, version: VersionId): void {
    if (this.#state !== 'open') throw this.#over();
    this.outgoing.send(call, request, STATUS.handshake, version, version, PLAIN);
  }

  #refused({ action }: PendingCall, request: unknown): ConnectionLostError {
    closeUnsent(action.request, request);
    return this.#over();
  }

  #over(): ConnectionLostError {
    return new ConnectionLostError('ERR_CONNECTION_LOST', { delivery: 'not-sent' }, `${this.label} is ${this.#state}`);
  }

  /** Sends a ping. */
  ping(): void {
    this.#writer.ping();
  }

  onBytes(chunk: Buffer): void {
    this.#reader.onBytes(chunk);
  }

  readTarget(): Buffer | null {
    return this.#reader.target;
  }

  onFilled(count: number): void {
    this.#reader.onFilled(count);
  }

  onDrain(): void {
    this.#writer.drained();
    this.#unpause();
  }

  onClose(error: TransportError | null): void {
    const cut = error === null && this.#reader.midFrame && this.#state !== 'closed';
    this.#end(cut ? new ConnectionLostError('ERR_CONNECTION_LOST', {}, `${this.label} ended in the middle of a frame`) : error);
  }

  onRequest(version: VersionId): void {
    // Requests of ours on an accepted link follow the peer's: nothing else tells what its handshake, perhaps on another link, agreed on.
    if (this.#options.role === 'accepted') this.streamVersion = minVersion(version, this.#options.version);
    else if (this.#writer.bufferedBytes > DIALED_SLACK * this.#options.maxBufferedBytes) throw this.#neverReads();
  }

  /** The dialling end reads on whatever waits to be written: a peer that asks and never reads has to be left. */
  #neverReads(): OverloadedError {
    const text = `${this.label} sends requests and does not read: ${this.#writer.bufferedBytes} bytes wait to be written`;
    return new OverloadedError('ERR_OVERLOADED', { scope: 'channel', delivery: 'maybe-sent' }, text);
  }

  onPing(): void {
    if (this.#options.role === 'accepted') this.#writer.ping();
  }

  onDone(): void {
    this.#checkIdle();
  }

  onHandlerError(action: string, error: unknown): void {
    this.#options.observer.onHandlerError(action, error);
  }

  /** When a call is given up while its request is still being streamed, the frame cannot be finished, and nothing can follow it. */
  onGivenUp(sequence: number): void {
    this.#checkIdle();
    if (sequence === 0 || this.#writer.streaming !== sequence) return;
    this.abort(new ConnectionLostError('ERR_CONNECTION_LOST', {}, `${this.label}: a call was given up in the middle of its stream`));
  }

  pauseReading(): void {
    this.#pauses++;
    if (this.#pauses === 1) this.#link.pause();
  }

  resumeReading(): void {
    this.#pauses--;
    if (this.#pauses > 0 || this.#state === 'closed') return;
    this.#reader.goOn();
    if (this.#pauses === 0 && !this.closed) this.#link.resume();
  }

  /**
   * Asked between messages. A peer that does not read its answers is not read either. Only the accepting end does so: if both did, each would wait
   * for the other.
   */
  // hot: call
  get mustWait(): boolean {
    if ((this.#writer.blocked || this.#writer.streaming !== 0) && !this.#paused) this.#pauseIfFull();
    return this.#pauses > 0;
  }

  #pauseIfFull(): void {
    if (this.#options.role !== 'accepted' || this.#writer.bufferedBytes <= READ_PAUSE_BYTES) return;
    this.#paused = true;
    this.pauseReading();
  }

  /** The caller whose stream it was is told why; the others lose the connection. */
  onStreamError(error: TransportError, sequence: number): void {
    this.outgoing.inFlight.rejectSent(sequence, error);
    this.abort(error);
  }

  onStreamEnd(): void {
    this.#unpause();
    this.#checkIdle();
  }

  #unpause(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.resumeReading();
  }

  /** The peer broke the protocol: it is told where a node would tell it, and the link ends. */
  onBroken(error: TransportError): void {
    if (this.#options.role === 'accepted' && isOfHttp(error)) {
      this.#writer.writeRaw(Buffer.from(NOT_AN_HTTP_PORT));
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
    this.#closing ??= this.#drainAndEnd(drainMs);
    return this.#closing;
  }

  /** Takes no more calls and waits until those under way are answered, at most `drainMs`. The link stays. */
  async drain(drainMs: number): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'draining';
    if (this.busy === 0 || !(drainMs > 0)) return;
    await new Promise<void>((resolve) => {
      const stop = waitUntil(drainMs, resolve);
      this.#onIdle = () => {
        stop();
        resolve();
      };
    });
  }

  async #drainAndEnd(drainMs: number): Promise<void> {
    await this.drain(drainMs);
    if (this.state === 'closed') return;
    this.#writer.flush();
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
    const lost = new ConnectionLostError('ERR_CONNECTION_LOST', { cause: error ?? undefined }, `${this.label} disconnected`);
    this.#reader.close(lost);
    this.#incoming.close();
    this.outgoing.inFlight.failAll((call, delivery) => {
      const text = `${this.label}[${call.action.name}] disconnected${error === null ? '' : `: ${error.message}`}`;
      return new ConnectionLostError('ERR_CONNECTION_LOST', { cause: error ?? undefined, delivery }, text);
    });
    this.#writer.close();
    this.#ended?.abort(lost);
    this.#onIdle?.();
    if (diagnostics.channelClose.hasSubscribers) {
      diagnostics.channelClose.publish({ remote: this.remote, role: this.#options.role, error } satisfies ChannelChanged);
    }
    this.#options.observer.onChannelClosed(this, error);
  }
}

/** Whether what broke the protocol is an HTTP request. */
function isOfHttp(error: TransportError): boolean {
  return error instanceof FrameError && error.code === 'ERR_BAD_MARKER' && isHttpRequest(Buffer.from(error.head ?? '', 'hex'));
}

function nodeClosed(nodeName: string): TransportError {
  return new TransportError('ERR_CLOSED', {}, `node closed [${nodeName}]: it takes no more requests`);
}
