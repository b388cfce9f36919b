import { setMaxListeners } from 'node:events';
import { oneLine } from '../../protocol/error/printable.ts';
import { ConnectionLostError, FrameError, TransportError } from '../../protocol/error/transport-error.ts';
import { isHttpRequest, NOT_AN_HTTP_PORT } from '../../protocol/frame/native/foreign-marker.ts';
import { debug } from '../call/debug-log.ts';
import { type ChannelChanged, diagnostics } from '../call/diagnostics.ts';
import { RequestSignals } from '../call/request-signals.ts';
import { formatEndpoint } from '../carrier/endpoint.ts';
import type { Link } from '../carrier/link.ts';
import { waitUntil } from '../util/deadline-wheel.ts';
import { background } from './background-queue.ts';
import { type InFlightOwner, type InFlightTable, nameOf } from './in-flight.ts';
import type { ReadGate } from './read-gate.ts';
import type { StreamHead } from './stream-head.ts';
import type { UnreadChannel, UnreadWatch } from './unread-watch.ts';
import type { Writer } from './writer.ts';
import type { WriterHost } from './writer-host.ts';

/** Where a channel is in its life. */
export type ChannelState = 'open' | 'draining' | 'closed';

/** What the life of a channel depends on. */
export interface LifeOptions {
  /** Accepting ends answer pings and HTTP requests. */
  readonly role: 'dialed' | 'accepted';
  /** True when calls may take one of several channels: those made together then gather on one, so none leaves before the others. */
  readonly several: boolean;
  /** Ends channels whose peer does not read; shared by an endpoint's channels. */
  readonly unread: UnreadWatch;
  /** Our node's name, for error messages. */
  readonly nodeName: string;
}

/** Told of the milestones of a channel. */
export interface LifeListener {
  /** The peer shook hands on an accepted channel. It may do so more than once. */
  onHandshake(): void;
  /** Called once when the channel is over. @param error null when either end closed the channel in good order */
  onEnded(error: TransportError | null): void;
}

/** The parts of a channel that have work under way, and end with it. */
export interface ChannelParts {
  readonly writer: Writer;
  readonly gate: ReadGate;
  readonly outgoing: { readonly inFlight: InFlightTable };
  readonly incoming: { readonly runningCount: number; close(): void };
  readonly reader: {
    readonly inflatingCount: number;
    readonly streamed: Pick<StreamHead, 'isFailed' | 'isAwaited'> | null;
    readonly hasUnread: boolean;
    close(lost: TransportError): void;
  };
}

/** The life of a channel: whether it takes calls, what is under way, who waits for its end. Its state changes here only. */
export class ChannelLife implements InFlightOwner, WriterHost, UnreadChannel {
  readonly link: Link;
  readonly #options: LifeOptions;
  readonly #listener: LifeListener;
  #writer!: Writer;
  #gate!: ReadGate;
  #outgoing!: ChannelParts['outgoing'];
  #incoming!: ChannelParts['incoming'];
  #reader!: ChannelParts['reader'];
  #state: ChannelState = 'open';
  #ended: AbortController | null = null;
  #requestSignals: RequestSignals | null = null;
  #closing: Promise<void> | null = null;
  #onIdle: (() => void) | null = null;

  constructor(link: Link, options: LifeOptions, listener: LifeListener) {
    this.link = link;
    this.#options = options;
    this.#listener = listener;
  }

  /** The channel is complete: from here on it may end. */
  begin({ writer, gate, outgoing, incoming, reader }: ChannelParts): void {
    this.#writer = writer;
    this.#gate = gate;
    this.#outgoing = outgoing;
    this.#incoming = incoming;
    this.#reader = reader;
    if (debug.enabled) this.log('opened');
    this.#publish(diagnostics.channelOpen, null);
  }

  get state(): ChannelState {
    return this.#state;
  }

  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  /** `[host:port]` of the peer, for messages. */
  get label(): string {
    return `[${formatEndpoint(this.link.remote)}]`;
  }

  /** Writes a line of the debug log that names the channel. Call it only while the log is on. */
  log(text: string): void {
    debug('%s %s %s', this.#options.role, this.label, oneLine(text));
  }

  /** Why no requests are served, or null. */
  get refusal(): TransportError | null {
    return this.#state === 'draining' ? nodeClosed(this.#options.nodeName) : null;
  }

  /** Fires when the channel is over. Made when first asked for. */
  get ended(): AbortSignal {
    if (this.#ended === null) {
      this.#ended = new AbortController();
      setMaxListeners(0, this.#ended.signal);
      if (this.isClosed) this.#ended.abort(new ConnectionLostError('ERR_CONNECTION_LOST', {}, `${this.label} is closed`));
    }
    return this.#ended.signal;
  }

  /** The signals of the requests that are being handled. Made when first asked for. */
  get requestSignals(): RequestSignals {
    if (this.#requestSignals === null) {
      this.#requestSignals = new RequestSignals();
      if (this.isClosed) this.#requestSignals.end(this.ended.reason);
    }
    return this.#requestSignals;
  }

  /** Calls of ours, requests of the peer, bodies and streams under way. */
  get busyCount(): number {
    return this.#workCount + (this.#reader.streamed?.isFailed === false ? 1 : 0);
  }

  get #workCount(): number {
    const streams = this.#writer.streamingSequence === 0 ? 0 : 1;
    return this.#outgoing.inFlight.size + this.#incoming.runningCount + this.#reader.inflatingCount + streams;
  }

  /** True while something is under way that does not wait for the rest of a message of the peer, as the handler does that reads its stream. */
  get isWorking(): boolean {
    return this.#workCount > (this.#reader.streamed?.isAwaited === true ? 1 : 0);
  }

  // hot: call
  get isAlone(): boolean {
    return !this.#options.several && this.#outgoing.inFlight.size + this.#incoming.runningCount <= 1 && !this.#reader.hasUnread;
  }

  /** The peer shook hands on this accepted channel. */
  onHandshake(): void {
    this.#listener.onHandshake();
  }

  /** Something that was under way is done: a draining channel waits for the last. */
  // hot: call
  onDone(): void {
    if (this.#onIdle !== null) this.#checkIdle();
  }

  #checkIdle(): void {
    if (this.busyCount === 0) this.#onIdle?.();
  }

  wasSent(sequence: number): boolean {
    return sequence !== 0 && sequence <= this.#writer.sentSequence;
  }

  /** When a call is given up while its request is still being streamed, the frame cannot be finished, and nothing can follow it. */
  onGivenUp(sequence: number): void {
    this.onDone();
    if (sequence === 0 || this.#writer.streamingSequence !== sequence) return;
    this.abort(new ConnectionLostError('ERR_CONNECTION_LOST', {}, `${this.label}: a call was given up in the middle of its stream`));
  }

  /** The caller whose stream it was is told why; the others lose the connection. */
  onStreamError(error: TransportError, sequence: number): void {
    this.#outgoing.inFlight.rejectSent(sequence, error);
    this.abort(error);
  }

  get isStuck(): boolean {
    return this.#writer.isStuck;
  }

  get unsentBytes(): number {
    return this.link.bufferedBytes;
  }

  get bufferedBytes(): number {
    return this.#writer.bufferedBytes;
  }

  get takenBytes(): number {
    return this.link.takenBytes;
  }

  /**
   * True while a live peer may have a reason not to read. One is that a handler of its own reads the stream of a request of ours slowly: that ends with
   * the deadline of the call. The other is that a node's answers wait because we do not read, for example while a caller reads a stream slowly.
   */
  get mayDelayReads(): boolean {
    return this.#outgoing.inFlight.hasStreamedRequest || (this.#options.role === 'dialed' && !this.#gate.isOpen);
  }

  onStuck(): void {
    this.#options.unread.add(this);
  }

  onStreamEnd(): void {
    this.#gate.onWriterDrain();
    this.onDone();
  }

  /** The peer broke the protocol: it is told where a node would tell it, and the link ends. */
  onBroken(error: TransportError): void {
    if (debug.enabled) this.log(`protocol error: ${error.code} ${error.message}`);
    if (this.#options.role === 'accepted' && isOfHttp(error)) {
      this.#writer.writeRaw(Buffer.from(NOT_AN_HTTP_PORT));
      this.#end(error);
      this.link.close();
      return;
    }
    this.abort(error);
  }

  /** The link is over. @param error null when either end closed it */
  onLinkClosed(error: TransportError | null): void {
    this.#end(error);
  }

  /** Takes no more calls and waits until those under way are answered, at most `drainMs` milliseconds. The link stays. */
  async drain(drainMs: number): Promise<void> {
    if (this.isClosed) return;
    this.#state = 'draining';
    if (this.busyCount === 0 || !(drainMs > 0)) return;
    await new Promise<void>((resolve) => {
      const stop = waitUntil(drainMs, resolve);
      this.#onIdle = () => {
        stop();
        resolve();
      };
    });
  }

  /** Drains, then ends the link. Idempotent. */
  close(drainMs: number): Promise<void> {
    this.#closing ??= this.#drainAndEnd(drainMs);
    return this.#closing;
  }

  async #drainAndEnd(drainMs: number): Promise<void> {
    await this.drain(drainMs);
    if (this.isClosed) return;
    this.#writer.flush();
    this.#end(null);
    this.link.close();
  }

  /** Ends the link now. Idempotent. */
  abort(error: TransportError | null): void {
    this.#end(error);
    this.link.abort();
  }

  /** The one place where a channel ends. */
  #end(error: TransportError | null): void {
    if (this.isClosed) return;
    this.#state = 'closed';
    const lost = new ConnectionLostError('ERR_CONNECTION_LOST', { cause: error ?? undefined }, `${this.label} disconnected`);
    this.#gate.close();
    this.#reader.close(lost);
    background.cancel(this);
    this.#incoming.close();
    this.#outgoing.inFlight.failAll((call, delivery) => {
      const text = `${this.label}[${nameOf(call)}] disconnected${error === null ? '' : `: ${error.message}`}`;
      return new ConnectionLostError('ERR_CONNECTION_LOST', { cause: error ?? undefined, delivery }, text);
    });
    this.#options.unread.remove(this);
    this.#writer.close();
    this.#ended?.abort(lost);
    this.#requestSignals?.end(lost);
    this.#onIdle?.();
    if (debug.enabled) this.log(error === null ? 'closed' : `closed: ${error.code} ${error.message}`);
    this.#publish(diagnostics.channelClose, error);
    this.#listener.onEnded(error);
  }

  #publish(channel: typeof diagnostics.channelOpen, error: TransportError | null): void {
    if (channel.hasSubscribers) channel.publish({ remote: this.link.remote, role: this.#options.role, error } satisfies ChannelChanged);
  }
}

/** Whether what broke the protocol is an HTTP request. */
function isOfHttp(error: TransportError): boolean {
  return error instanceof FrameError && error.code === 'ERR_BAD_MARKER' && isHttpRequest(Buffer.from(error.head ?? '', 'hex'));
}

/** In the words of a node. */
function nodeClosed(nodeName: string): TransportError {
  return new TransportError('ERR_CLOSED', {}, `node closed [${nodeName}]: it takes no more requests`);
}
