import { DecodeError, FrameError, TransportError } from '../../protocol/error/transport-error.ts';
import { type Inflated, inflateBody, SYNCHRONOUS_BYTES } from '../../protocol/frame/native/compression.ts';
import { BODY_MODE, DECODED, NativeDecoder } from '../../protocol/frame/native/decoder.ts';
import { STATUS } from '../../protocol/frame/native/fixed-header.ts';
import type { HeaderCache } from '../../protocol/frame/native/header-cache.ts';
import type { VariableHeader } from '../../protocol/frame/native/variable-header.ts';
import type { WireLimits } from '../../protocol/wire/limits.ts';
import { StreamInput } from '../../protocol/wire/stream-input.ts';
import type { VersionId } from '../../protocol/wire/version.ts';
import type { Dispatcher, Registration } from '../call/dispatcher.ts';
import type { RequestFrame } from '../call/server-context.ts';
import { arrivals } from '../util/arrival-clock.ts';
import { bodies } from '../util/body-pool.ts';
import type { PendingCall } from './in-flight.ts';
import { inflateInTurn } from './inflation-queue.ts';
import type { IncomingStream, StreamFlow } from './incoming-stream.ts';
import type { OutgoingCalls } from './outgoing-calls.ts';
import { chargeFor, type IncomingCalls } from './incoming-calls.ts';
import { StreamHead } from './stream-head.ts';
import { checkFrameVersion } from './version-policy.ts';

/** Longest compressed answer that is read although nobody waits for it. */
const MAX_STRAY_BYTES = 64 * 1024;

/** What the receiving half of a channel asks of the rest. */
export interface ReaderHost extends StreamFlow {
  readonly closed: boolean;
  /** Nothing more may be read for now; {@link Reader.goOn} is called later. */
  readonly mustWait: boolean;
  /** The peer's release. */
  readonly peerVersion: VersionId;
  /** Why no more requests are served, or null. */
  readonly refusal: TransportError | null;
  /** A request came, with this stream version. */
  onRequest(version: VersionId): void;
  onPing(): void;
  /** An answer was read, or a stream came to its end. */
  onDone(): void;
  /** The peer broke the protocol. */
  onBroken(error: TransportError): void;
}

/** What the receiving halves of all channels of an endpoint share. */
export interface ReaderOptions {
  readonly limits: WireLimits;
  readonly headers: HeaderCache;
  /** Who serves requests that come in. */
  readonly dispatcher: Dispatcher;
}

/** The receiving half of a channel: finds messages, and hands requests to the server and answers to their callers. */
export class Reader {
  /** Messages and pings received. */
  received = 0;
  /** Bodies that are inflated in the background: 1 at most, because nothing is read meanwhile. */
  inflating = 0;
  readonly #host: ReaderHost;
  readonly #outgoing: OutgoingCalls;
  readonly #incoming: IncomingCalls;
  readonly #options: ReaderOptions;
  readonly #decoder: NativeDecoder;
  readonly #input = new StreamInput(NOTHING);
  /** Who serves the request whose body is under way; admitted and not released yet. */
  #registration: Registration | null = null;
  /** Why nobody serves the request whose body goes by. */
  #refusal: TransportError | null = null;
  /** The message whose body arrives piece by piece. */
  #head: StreamHead | null = null;
  /** The body under way is an answer that nobody waits for. */
  #stray = false;
  #receiving = false;

  constructor(host: ReaderHost, outgoing: OutgoingCalls, incoming: IncomingCalls, options: ReaderOptions) {
    this.#host = host;
    this.#outgoing = outgoing;
    this.#incoming = incoming;
    this.#options = options;
    this.#decoder = new NativeDecoder({ limits: options.limits, headers: options.headers, allocateBody: bodies.take });
  }

  /** Messages under way of which more is known than their header: inflated in the background, or with a stream that arrives. */
  get underWay(): number {
    return this.inflating + (this.#head === null ? 0 : 1);
  }

  /** True while an unfinished frame is held. */
  get midFrame(): boolean {
    return this.#decoder.midFrame;
  }

  /** True while bytes that came are not dealt with. */
  get hasMore(): boolean {
    return this.#decoder.unread > 0;
  }

  /** Bytes received. */
  get receivedBytes(): number {
    return this.#decoder.consumed + this.#decoder.unread;
  }

  /** @memory borrowed */
  onBytes(chunk: Buffer): void {
    this.#decoder.push(chunk);
    this.#receive();
  }

  get target(): Buffer | null {
    return this.#decoder.target;
  }

  onFilled(count: number): void {
    this.#decoder.filled(count);
    this.#receive();
  }

  /** Reads what had to wait. */
  goOn(): void {
    if (!this.#receiving) this.#receive();
  }

  /** The receive loop: every frame is consumed before anyone is asked what it is for. */
  // hot: call
  #receive(): void {
    const decoder = this.#decoder;
    this.#receiving = true;
    arrivals.begin();
    try {
      const { dispatcher, limits } = this.#options;
      decoder.longestFrame = dispatcher.streams || this.#outgoing.inFlight.streams ? limits.maxStreamBytes : limits.maxFrameBytes;
      for (let found = decoder.next(); found !== DECODED.needMore; found = decoder.next()) {
        if (this.#host.closed) return;
        if (found === DECODED.header) {
          this.#onHeader(decoder);
          continue;
        }
        if (found === DECODED.body) this.#onBody(decoder);
        else if (found === DECODED.piece) this.#onPiece(decoder);
        else if (found === DECODED.end) this.#onEnd(decoder);
        else this.#onPing();
        if (this.#host.mustWait) {
          decoder.keep();
          return;
        }
      }
    } catch (error) {
      this.#host.onBroken(TransportError.from(error, 'ERR_CONNECTION_LOST'));
    } finally {
      arrivals.end();
      this.#receiving = false;
    }
  }

  #onPing(): void {
    this.received++;
    this.#host.onPing();
  }

  // hot: call
  #onHeader(decoder: NativeDecoder): void {
    this.received++;
    const { status, version } = decoder;
    const refused = checkFrameVersion(version, (status & STATUS.handshake) !== 0);
    if (refused !== null) throw refused;
    if ((status & STATUS.response) !== 0) {
      this.#onResponseHeader(decoder);
      return;
    }
    if ((status & STATUS.handshake) === 0) this.#host.onRequest(version);
    const admitted = this.#host.refusal ?? this.#incoming.admit(decoder.variable, decoder.bodyBytes, (status & STATUS.handshake) !== 0);
    if (admitted instanceof TransportError) {
      this.#refusal = admitted;
      decoder.bodyMode = BODY_MODE.discard;
      return;
    }
    this.#registration = admitted;
    if (admitted.action.request.hasStream === true && (status & STATUS.compressed) === 0) this.#beginStreamedRequest(decoder, admitted);
  }

  // hot: call
  #onResponseHeader(decoder: NativeDecoder): void {
    const call = this.#outgoing.expects(decoder.requestId, decoder.status);
    const compressed = (decoder.status & STATUS.compressed) !== 0;
    this.#stray = call === undefined;
    if (call === undefined) {
      // A compressed answer that nobody waits for is read all the same: one that does not inflate ends the channel (wire-format.md §5).
      if (!compressed || decoder.bodyBytes > MAX_STRAY_BYTES) decoder.bodyMode = BODY_MODE.discard;
    } else if (call.action.response.hasStream === true && !compressed && (decoder.status & STATUS.error) === 0) {
      this.#beginStreamedResponse(decoder, call);
    }
  }

  #beginStreamedRequest(decoder: NativeDecoder, registration: Registration): void {
    const { variable, version, bodyBytes } = decoder;
    const frame = { ...frameOf(decoder), bodyBytes: chargeFor(registration, bodyBytes) };
    const read = (input: StreamInput): ((stream: IncomingStream) => void) => {
      const run = this.#incoming.readStreamed(registration, variable, frame, input);
      return (stream) => {
        this.#registration = null;
        run(stream);
      };
    };
    this.#head = new StreamHead(read, bodyBytes, version, version, this.#host);
    decoder.bodyMode = BODY_MODE.pieces;
  }

  #beginStreamedResponse(decoder: NativeDecoder, call: PendingCall): void {
    const read = (input: StreamInput): ((stream: IncomingStream) => void) => this.#outgoing.readHead(call, input);
    this.#head = new StreamHead(read, decoder.bodyBytes, decoder.version, this.#host.peerVersion, this.#host);
    decoder.bodyMode = BODY_MODE.pieces;
  }

  #onPiece(decoder: NativeDecoder): void {
    const head = this.#head;
    if (head === null) return;
    try {
      head.push(decoder.body.subarray(decoder.bodyStart, decoder.bodyEnd));
    } catch (error) {
      this.#head = null;
      this.#onBadHead(decoder, TransportError.from(error, 'ERR_DECODE'));
    }
  }

  /** The fields in front of a stream do not decode: the call fails, the rest of the message goes by. */
  #onBadHead(decoder: NativeDecoder, error: TransportError): void {
    const registration = this.#registration;
    this.#registration = null;
    if (registration === null) {
      this.#outgoing.reject(decoder.requestId, error);
      this.#host.onDone();
    } else {
      const frame = { ...frameOf(decoder), bodyBytes: chargeFor(registration, decoder.bodyBytes) };
      this.#incoming.abandon(decoder.variable, frame, error);
    }
  }

  #onEnd(decoder: NativeDecoder): void {
    const head = this.#head;
    this.#head = null;
    if (head !== null && head.stream === null)
      this.#onBadHead(decoder, new DecodeError('ERR_DECODE', {}, 'a message that ends before its stream begins'));
    const refusal = this.#refusal;
    this.#refusal = null;
    if (refusal !== null) this.#incoming.refuse(decoder.variable, decoder, refusal);
    if (head !== null) this.#host.onDone();
  }

  // hot: call
  #onBody(decoder: NativeDecoder): void {
    if ((decoder.status & STATUS.compressed) !== 0) {
      this.#onCompressedBody(decoder);
      return;
    }
    const { body } = decoder;
    this.#deal(decoder);
    // What was read of a large body, and is no view of it, stands on its own: the memory is free again.
    if (decoder.bodyOwned && decoder.body === body && !this.#input.lent) bodies.giveExact(body);
  }

  #deal(decoder: NativeDecoder): void {
    const { status, version } = decoder;
    const input = this.#input;
    const response = (status & STATUS.response) !== 0;
    const peerVersion = response ? this.#host.peerVersion : version;
    input.reset(decoder.body, decoder.bodyStart, decoder.bodyEnd, version, peerVersion, decoder.bodyOwned);
    if (response) {
      this.#outgoing.settle(decoder.requestId, (status & STATUS.error) !== 0, input);
      this.#host.onDone();
      return;
    }
    const registration = this.#registration as Registration;
    this.#registration = null;
    this.#incoming.serve(registration, decoder.variable, decoder, input);
  }

  #onCompressedBody(decoder: NativeDecoder): void {
    const { requestId, variable, version } = decoder;
    const isResponse = (decoder.status & STATUS.response) !== 0;
    if (isResponse && this.#stray) {
      this.#onStray(decoder);
      return;
    }
    const isError = (decoder.status & STATUS.error) !== 0;
    const registration = this.#registration;
    this.#registration = null;
    const charged = registration === null ? 0 : chargeFor(registration, decoder.bodyBytes);
    const frame = { ...frameOf(decoder), bodyBytes: charged };
    const { body: memory, bodyOwned } = decoder;
    const view = memory.subarray(decoder.bodyStart, decoder.bodyEnd);
    const { dispatcher } = this.#options;
    this.#inflate(bodyOwned ? view : Buffer.from(view), (error, inflated) => {
      if (bodyOwned) bodies.giveExact(memory);
      if (this.#host.closed) {
        if (registration !== null) dispatcher.release(charged);
        return;
      }
      if (error !== null) this.#onInflateError(error, isResponse, requestId, registration, variable, frame);
      else if (isResponse) {
        this.#outgoing.settle(requestId, isError, inputOver(inflated, version, this.#host.peerVersion));
        this.#host.onDone();
      } else if (registration !== null) {
        const refusal = dispatcher.grow(registration, inflated.length - charged);
        if (refusal !== null) this.#incoming.abandon(variable, frame, refusal);
        else this.#incoming.serve(registration, variable, { ...frame, bodyBytes: inflated.length }, inputOver(inflated, version, version));
      }
    });
  }

  /** Inflates at once, or in the background; then nothing more is read until it is done, so that no peer can have many large bodies under way. */
  #inflate(body: Buffer, done: Inflated): void {
    let isDone = false;
    let isWaiting = false;
    const finish: Inflated = (error, inflated) => {
      isDone = true;
      if (isWaiting) this.inflating--;
      done(error, inflated);
      if (isWaiting) this.#host.resumeReading();
    };
    const inTurn = (work: (over: () => void) => void): void =>
      inflateInTurn((over) => {
        if (!this.#host.closed) return work(over);
        over();
        finish(null, NOTHING);
      });
    inflateBody(body, this.#options.limits.maxInflatedBytes, finish, inTurn);
    if (isDone) return;
    isWaiting = true;
    this.inflating++;
    this.#host.pauseReading();
  }

  /** Only whether it inflates counts, and as far as that shows at once. */
  #onStray(decoder: NativeDecoder): void {
    inflateBody(decoder.body.subarray(decoder.bodyStart, decoder.bodyEnd), SYNCHRONOUS_BYTES, (error) => {
      if (error instanceof FrameError) throw error;
    });
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
    if (isResponse) {
      this.#outgoing.reject(requestId, error);
      this.#host.onDone();
    } else if (registration !== null) this.#incoming.abandon(variable, frame, error);
    if (error instanceof FrameError) this.#host.onBroken(error);
  }

  /** The channel is over: what was under way is let go. */
  close(error: TransportError): void {
    this.#head?.stream?.fail(error);
    this.#head = null;
    if (this.#registration === null) return;
    this.#options.dispatcher.release(chargeFor(this.#registration, this.#decoder.bodyBytes));
    this.#registration = null;
  }
}

const NOTHING = Buffer.alloc(0);

function inputOver(body: Buffer, version: VersionId, peerVersion: VersionId): StreamInput {
  const input = new StreamInput(body, { version, peerVersion });
  input.owned = true;
  return input;
}

/** A copy of what the decoder says of the frame, for when the decoder has gone on. */
function frameOf({ idHigh, idLow, version, status, bodyBytes }: NativeDecoder): RequestFrame {
  return { idHigh, idLow, version, status, bodyBytes };
}
