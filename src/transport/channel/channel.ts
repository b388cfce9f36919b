import type { AnyAction, RequestOf, ResponseOf } from '../../protocol/action/define-action.ts';
import { ConnectionLostError, type TransportError } from '../../protocol/error/transport-error.ts';
import { STATUS } from '../../protocol/frame/native/fixed-header.ts';
import { type VersionId, versionText } from '../../protocol/wire/version.ts';
import type { CallOptions } from '../call/call.ts';
import { debug } from '../call/debug-log.ts';
import type { Endpoint, Link, LinkSink } from '../carrier/link.ts';
import { ChannelLife, type ChannelState, type LifeListener, type LifeOptions } from './channel-life.ts';
import type { PendingCall } from './in-flight.ts';
import { IncomingCalls } from './incoming-calls.ts';
import type { HandlerObserver, IncomingOptions } from './incoming-options.ts';
import { OutgoingCalls, type OutgoingOptions } from './outgoing-calls.ts';
import { Reader } from './reader.ts';
import type { ReaderOptions } from './reader-parts.ts';
import { PAUSE_READING_BYTES, ReadGate } from './read-gate.ts';
import { PLAIN, type SendOptions } from './send-options.ts';
import { Writer } from './writer.ts';

/** Told what happens on the channels of an endpoint. */
export interface ChannelObserver extends HandlerObserver {
  /** Called once when the channel is over; `error` is null when either end closed it in good order. */
  onChannelClosed(channel: Channel, error: TransportError | null): void;
  /** The peer shook hands on an accepted channel. */
  onHandshake(channel: Channel): void;
}

/** What the channels of one endpoint share. */
export interface ChannelOptions extends LifeOptions, OutgoingOptions, ReaderOptions, IncomingOptions {
  readonly observer: ChannelObserver;
}

/**
 * One link with what is under way on it, as clients and servers see it. Bytes are the business of its reader and writer; calls are that of its
 * outgoing and incoming calls. Either end may send requests.
 */
export class Channel implements LinkSink, LifeListener {
  /** Free for the maker of the channel. */
  attachment: unknown = null;
  readonly #observer: ChannelObserver;
  readonly #life: ChannelLife;
  readonly #writer: Writer;
  readonly #gate: ReadGate;
  readonly #outgoing: OutgoingCalls;
  readonly #incoming: IncomingCalls;
  readonly #reader: Reader;

  constructor(link: Link, options: ChannelOptions) {
    this.#observer = options.observer;
    const life = new ChannelLife(link, options, this);
    const writer = new Writer(link, life);
    const { role, maxBufferedBytes } = options;
    const gate = new ReadGate(
      link,
      writer,
      role === 'accepted' ? Math.min(maxBufferedBytes, PAUSE_READING_BYTES) : Number.POSITIVE_INFINITY,
    );
    const outgoing = new OutgoingCalls(writer, life, options);
    const incoming = new IncomingCalls(writer, life, outgoing, options);
    const reader = new Reader({ life, gate, writer, outgoing, incoming }, options);
    this.#life = life;
    this.#writer = writer;
    this.#gate = gate;
    this.#outgoing = outgoing;
    this.#incoming = incoming;
    this.#reader = reader;
    life.begin({ writer, gate, outgoing, incoming, reader });
  }

  get state(): ChannelState {
    return this.#life.state;
  }

  get local(): Endpoint {
    return this.#life.link.local;
  }

  get remote(): Endpoint {
    return this.#life.link.remote;
  }

  /** `[host:port]` of the peer, for messages. */
  get label(): string {
    return this.#life.label;
  }

  /** Stream version of our requests. */
  get streamVersion(): VersionId {
    return this.#outgoing.streamVersion;
  }

  /** The peer's release; 0 while it is unknown. */
  get peerVersion(): VersionId {
    return this.#outgoing.peerVersion;
  }

  /** Sets what a handshake, on this channel or on another one to the same node, agreed on. */
  agree(streamVersion: VersionId, peerVersion: VersionId): void {
    this.#outgoing.streamVersion = streamVersion;
    this.#outgoing.peerVersion = peerVersion;
    if (debug.enabled) this.#life.log(`handshake: the peer runs ${versionText(peerVersion)}, requests have ${versionText(streamVersion)}`);
  }

  /** Writes answers on this channel; a request of another channel of the same node may be given it as its `answerer`. */
  get answerer(): object {
    return this.#incoming;
  }

  /** Calls of ours that wait for answers. */
  get inFlightCount(): number {
    return this.#outgoing.inFlight.size;
  }

  /** Answers to calls that were given up. */
  get lateAnswerCount(): number {
    return this.#outgoing.lateAnswerCount;
  }

  /** Answers with an id that no call has. */
  get unknownAnswerCount(): number {
    return this.#outgoing.unknownAnswerCount;
  }

  /** Messages and pings received so far. */
  get receivedCount(): number {
    return this.#reader.messageCount;
  }

  /** Pings received so far. */
  get pingCount(): number {
    return this.#reader.pingCount;
  }

  /** Bytes received so far. */
  get receivedBytes(): number {
    return this.#reader.receivedBytes;
  }

  /** Messages and pings written so far: with {@link receivedCount} it tells whether the channel is idle. */
  get writtenCount(): number {
    return this.#writer.sequence;
  }

  /** Bytes that wait to be written. */
  get bufferedBytes(): number {
    return this.#writer.bufferedBytes;
  }

  /** True while nothing holds up reading. */
  get isReading(): boolean {
    return this.#gate.isOpen;
  }

  /** True while a message has begun whose rest is the peer's to send: we read, and it has not come. */
  get awaitsRest(): boolean {
    return this.#gate.isOpen && this.#reader.isMidFrame;
  }

  /**
   * True while a live peer may have a reason not to answer pings: it is sending us a stream, which its answers wait behind, or a handler of its own
   * reads the stream of a request of ours slowly. Both have an end of their own: the patience of the reader, or the deadline of the call.
   */
  get mayDelayPongs(): boolean {
    return this.#reader.streamed?.isWanted === true || this.#outgoing.inFlight.hasStreamedRequest;
  }

  /** True while another small message would leave in the same write as those before it. */
  // hot: call
  get isGathering(): boolean {
    return this.#writer.isGathering;
  }

  /** Calls of ours, requests of the peer, bodies and streams under way. */
  get busyCount(): number {
    return this.#life.busyCount;
  }

  /** True while something is under way that does not wait for the rest of a message of the peer. */
  get isWorking(): boolean {
    return this.#life.isWorking;
  }

  /** Fires when the channel is over. */
  get ended(): AbortSignal {
    return this.#life.ended;
  }

  /** Calls an action on the peer; errors as of a client's call. */
  call<A extends AnyAction>(action: A, request: RequestOf<A>, options: CallOptions = {}): Promise<ResponseOf<A>> {
    return this.#outgoing.callWith(action, request, options);
  }

  /** Calls an action on the peer; see {@link OutgoingCalls.call}. */
  // hot: call
  transmit<A extends AnyAction>(
    action: A,
    request: unknown,
    timeoutMs: number,
    signal: AbortSignal | null,
    options: SendOptions,
  ): Promise<ResponseOf<A>> {
    return this.#outgoing.call(action, request, timeoutMs, signal, options);
  }

  /**
   * Sends the request of a call that its maker filed by hand; see {@link OutgoingCalls.send}.
   *
   * @throws ERR_CONNECTION_LOST when the channel takes no more calls
   */
  send(call: PendingCall, request: unknown): void {
    this.#outgoing.send(call, request, PLAIN);
  }

  /** Sends the TCP handshake, which has a status bit and a header version of its own. */
  sendHandshake(call: PendingCall, request: unknown, version: VersionId): void {
    this.#outgoing.sendAs(call, request, STATUS.handshake, version, version, PLAIN);
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
    this.#writer.onDrain();
    this.#gate.onWriterDrain();
  }

  onClose(error: TransportError | null): void {
    const isCut = error === null && this.#reader.isMidFrame && this.state !== 'closed';
    this.#life.onLinkClosed(
      isCut ? new ConnectionLostError('ERR_CONNECTION_LOST', {}, `${this.label} ended in the middle of a frame`) : error,
    );
  }

  onEnded(error: TransportError | null): void {
    this.#observer.onChannelClosed(this, error);
  }

  onHandshake(): void {
    this.#observer.onHandshake(this);
  }

  /** Takes no more calls and waits until those under way are answered, at most `drainMs` milliseconds. The link stays. */
  drain(drainMs: number): Promise<void> {
    return this.#life.drain(drainMs);
  }

  /**
   * Takes no more calls, waits until those under way are answered (at most `drainMs`), then ends the link. Idempotent.
   *
   * @param drainMs milliseconds; 0 ends it at once, unanswered calls fail with ERR_CONNECTION_LOST
   */
  close(drainMs: number): Promise<void> {
    return this.#life.close(drainMs);
  }

  /** Ends the link now; unanswered calls fail with ERR_CONNECTION_LOST. Idempotent. */
  abort(error: TransportError | null = null): void {
    this.#life.abort(error);
  }
}
