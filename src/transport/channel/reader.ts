import { FrameError, TransportError } from '../../protocol/error/transport-error.ts';
import { BODY_MODE, DECODED, NativeDecoder } from '../../protocol/frame/native/decoder.ts';
import { STATUS } from '../../protocol/frame/native/fixed-header.ts';
import type { VariableHeader } from '../../protocol/frame/native/variable-header.ts';
import { StreamInput } from '../../protocol/wire/stream-input.ts';
import type { Account, ArrivalOwner } from '../call/account.ts';
import type { Registration } from '../call/dispatcher.ts';
import type { RequestFrame } from '../call/server-context.ts';
import { arrivals } from '../util/arrival-clock.ts';
import { bodies } from '../util/body-pool.ts';
import { BodyInflater, checkStray, freeInflated, isCheckedStray } from './body-inflater.ts';
import type { ChannelLife } from './channel-life.ts';
import type { IncomingCalls } from './incoming-calls.ts';
import type { OutgoingCalls } from './outgoing-calls.ts';
import { type StreamMemory, UNCHARGED } from './incoming-stream.ts';
import type { GatedReader, ReadGate } from './read-gate.ts';
import { MESSAGES_PER_LOOK, turns } from './read-turns.ts';
import type { ReaderOptions, ReaderParts } from './reader-parts.ts';
import { endsWithStream, StreamHead, type StreamedMessage } from './stream-head.ts';
import { inputOver, maxDecodedBytes } from './value-limit.ts';
import { checkFrameVersion } from './version-policy.ts';
import type { Writer } from './writer.ts';

const NOTHING = Buffer.alloc(0);

/** One function for all readers. */
const giveBack = (memory: Buffer): void => bodies.give(memory);

/** The message under way: what its body is, known from its header. */
type UnderWay = 'idle' | 'request body' | 'response body' | 'stream' | 'discard';

/** The receive loop that is running. Its messages share one input; a loop inside another, begun by a codec or a handler, has one of its own. */
const SHARED_INPUT = new StreamInput(NOTHING);
let isReceiving = false;

/** The receiving half of a channel: finds messages in bytes, and hands requests and answers to whom they concern. */
export class Reader implements GatedReader, ArrivalOwner {
  /** Messages and pings received. */
  messageCount = 0;
  /** Pings received. */
  pingCount = 0;
  readonly #life: ChannelLife;
  readonly #gate: ReadGate;
  readonly #writer: Writer;
  readonly #outgoing: OutgoingCalls;
  readonly #incoming: IncomingCalls;
  readonly #options: ReaderOptions;
  readonly #decoder: NativeDecoder;
  #underWay: UnderWay = 'idle';
  /** Of a `request body`: who serves the request. It is admitted and not released yet. */
  #registration: Registration | null = null;
  /** Of a `stream`. */
  #head: StreamHead | null = null;
  /** Of a `discard`: why a request is refused; null for an answer that no call waits for. */
  #refusal: TransportError | null = null;
  /** Made with the first compressed body. */
  #inflater: BodyInflater | null = null;
  #isReceiving = false;

  constructor({ life, gate, writer, outgoing, incoming }: ReaderParts, options: ReaderOptions) {
    this.#life = life;
    this.#gate = gate;
    this.#writer = writer;
    this.#outgoing = outgoing;
    this.#incoming = incoming;
    this.#options = options;
    this.#decoder = new NativeDecoder({
      limits: options.limits,
      headers: options.headers,
      views: options.views,
      allocateBody: bodies.take,
      freeBody: giveBack,
    });
    gate.attach(this);
  }

  /** Bodies that are inflated in the background. */
  get inflatingCount(): number {
    return this.#inflater?.count ?? 0;
  }

  /** The message under way that ends with a stream, or null. */
  get streamed(): StreamHead | null {
    return this.#underWay === 'stream' ? this.#head : null;
  }

  /** True while an unfinished frame is held. */
  get isMidFrame(): boolean {
    return this.#decoder.midFrame;
  }

  /** True while bytes that came are not dealt with. */
  get hasUnread(): boolean {
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

  /** Where the next bytes could be read in place; null for anywhere. */
  get target(): Buffer | null {
    return this.#decoder.target;
  }

  onFilled(count: number): void {
    this.#decoder.filled(count);
    this.#receive();
  }

  readOn(): void {
    if (!this.#isReceiving) this.#receive();
  }

  /** The receive loop: every frame is consumed before anyone is asked what it is for. */
  // hot: call
  #receive(): void {
    const decoder = this.#decoder;
    const isNested = isReceiving;
    const input = isNested ? new StreamInput(NOTHING) : SHARED_INPUT;
    isReceiving = true;
    this.#isReceiving = true;
    arrivals.begin();
    const perLook = MESSAGES_PER_LOOK[this.#options.role];
    let unlooked = perLook;
    let began = 0;
    try {
      const { dispatcher, limits } = this.#options;
      input.maxDecodedBytes = maxDecodedBytes(this.#options);
      input.wantsStacks = this.#options.role !== 'accepted';
      if (this.#incoming.account?.isArriving) this.#onMore(decoder, this.#incoming.account);
      decoder.longestFrame =
        dispatcher.takesStreams || this.#outgoing.inFlight.expectsStreams ? limits.maxStreamBytes : limits.maxFrameBytes;
      for (let found = decoder.next(); found !== DECODED.needMore; found = decoder.next()) {
        if (this.#life.isClosed) return;
        if (found === DECODED.header) {
          this.#onHeader(decoder);
          continue;
        }
        if (found === DECODED.body) this.#onBody(decoder, input);
        else if (found === DECODED.piece) {
          this.#onPiece(decoder);
          // Whether the writer has room is asked between messages only: an answer that is made of this stream waits for the rest of it.
          if (this.#gate.isOpen) continue;
          decoder.keep();
          return;
        } else if (found === DECODED.end) this.#onEnd(decoder);
        else this.#onPing();
        if (!this.#gate.mayRead()) {
          decoder.keep();
          return;
        }
        if (--unlooked > 0) continue;
        unlooked = perLook;
        if (began === 0) began = performance.now();
        else if (turns.isOver(began, this.#options.role)) {
          this.#waitForTurn(decoder);
          return;
        }
      }
      const held = this.#heldBytes();
      if (held !== (this.#incoming.account?.arriving ?? 0) && !this.#life.isClosed) this.#chargeArrived(held);
    } catch (error) {
      this.#life.onBroken(TransportError.from(error, 'ERR_CONNECTION_LOST'));
    } finally {
      arrivals.end();
      this.#isReceiving = false;
      isReceiving = isNested;
    }
  }

  /** More of the message that is arriving has come: its header is complete perhaps, or its whole body. */
  #onMore(decoder: NativeDecoder, account: Account): void {
    if (this.#underWay === 'idle') account.cancel();
    if (this.#underWay !== 'request body' || decoder.unread < decoder.bodyBytes) return;
    const refusal = account.complete(decoder.bodyBytes);
    if (refusal !== null) this.onEvicted(refusal);
  }

  /** Bytes held of an unfinished message that are charged: those of answers are not. */
  #heldBytes(): number {
    if (this.#underWay === 'stream') return this.#head?.heldBytes ?? 0;
    const isCharged = this.#underWay === 'request body' || (this.#underWay === 'idle' && this.#options.role === 'accepted');
    return isCharged ? this.#decoder.unread : 0;
  }

  #chargeArrived(held: number): void {
    const refusal = this.#incoming.openAccount(this).arrived(held);
    if (refusal !== null) this.onEvicted(refusal);
  }

  /** The message under way is refused: what came of it is dropped, and it is answered when the rest has gone by. Without a header the channel ends. */
  onEvicted(error: TransportError): void {
    if (this.#underWay === 'idle') {
      this.#life.abort(error);
      return;
    }
    this.#underWay = 'discard';
    this.#head = null;
    this.#registration = null;
    this.#refusal = error;
    this.#decoder.dropBody();
  }

  /** Lets other channels read; what has come is read on later. */
  #waitForTurn(decoder: NativeDecoder): void {
    decoder.keep();
    this.#gate.pause();
    turns.wait(() => this.#gate.resume());
  }

  #onPing(): void {
    this.messageCount++;
    this.pingCount++;
    if (this.#options.role === 'accepted') this.#writer.ping();
  }

  // hot: call
  #onHeader(decoder: NativeDecoder): void {
    this.messageCount++;
    const { status, version } = decoder;
    const isHandshake = (status & STATUS.handshake) !== 0;
    const refused = checkFrameVersion(version, isHandshake, (status & STATUS.response) !== 0, this.#options.version);
    if (refused !== null) throw refused;
    if ((status & STATUS.response) !== 0) {
      this.#onResponseHeader(decoder);
      return;
    }
    const admitted = this.#incoming.admit(decoder, isHandshake, this);
    if (admitted instanceof TransportError) {
      this.#underWay = 'discard';
      this.#refusal = admitted;
      decoder.bodyMode = BODY_MODE.discard;
      return;
    }
    this.#underWay = 'request body';
    this.#registration = admitted;
    if (endsWithStream(admitted, status)) this.#beginStreamedRequest(decoder, admitted);
  }

  // hot: call
  #onResponseHeader(decoder: NativeDecoder): void {
    const call = this.#outgoing.expects(decoder.requestId, decoder.status);
    if (call === undefined) {
      this.#onStrayHeader(decoder);
      return;
    }
    this.#underWay = 'response body';
    call.onAnswerHeader(decoder.variable);
    if (call.hasStreamedAnswer && (decoder.status & (STATUS.compressed | STATUS.error)) === 0) {
      this.#beginStream(decoder, this.#outgoing.streamedAnswer(call), UNCHARGED);
    }
  }

  /** An answer that no call waits for. A compressed one is read all the same: one that does not inflate ends the channel (wire-format.md §5). */
  #onStrayHeader(decoder: NativeDecoder): void {
    this.#underWay = 'discard';
    this.#refusal = null;
    if (!isCheckedStray(decoder.status, decoder.bodyBytes)) decoder.bodyMode = BODY_MODE.discard;
  }

  #beginStreamedRequest(decoder: NativeDecoder, registration: Registration): void {
    const account = this.#incoming.openAccount(this);
    const memory: StreamMemory = {
      hold: (bytes) => account.hold(registration, bytes),
      free: (bytes) => account.free(bytes),
    };
    const frame = { ...frameOf(decoder), bodyBytes: 0 };
    this.#beginStream(decoder, this.#incoming.streamedRequest(registration, decoder.variable, frame), memory);
  }

  #beginStream(decoder: NativeDecoder, message: StreamedMessage, memory: StreamMemory): void {
    this.#underWay = 'stream';
    const { version } = decoder;
    const how = { version, peerVersion: this.#outgoing.peerVersionOr(version), maxDecodedBytes: maxDecodedBytes(this.#options) };
    this.#head = new StreamHead(message, decoder.bodyBytes, how, this.#gate, memory);
    decoder.bodyMode = BODY_MODE.pieces;
  }

  #onPiece(decoder: NativeDecoder): void {
    this.#head?.push(decoder.body.subarray(decoder.bodyStart, decoder.bodyEnd));
  }

  /** The end of a stream, or of a body that was discarded. */
  #onEnd(decoder: NativeDecoder): void {
    const head = this.#head;
    const refusal = this.#refusal;
    this.#underWay = 'idle';
    this.#head = null;
    this.#refusal = null;
    if (refusal !== null) this.#incoming.refuse(decoder.variable, decoder, refusal);
    if (head === null) return;
    head.end();
    this.#life.onDone();
  }

  // hot: call
  #onBody(decoder: NativeDecoder, input: StreamInput): void {
    if ((decoder.status & STATUS.compressed) !== 0) {
      this.#onCompressedBody(decoder);
      return;
    }
    const { body } = decoder;
    this.#deal(decoder, input);
    // If nothing that was read of a large body is a view of it, its memory is free again.
    if (decoder.bodyOwned && decoder.body === body && !input.lent) bodies.giveExact(body);
  }

  // hot: call
  #deal(decoder: NativeDecoder, input: StreamInput): void {
    const { status, version } = decoder;
    const isResponse = (status & STATUS.response) !== 0;
    input.reset(decoder.body, decoder.bodyStart, decoder.bodyEnd, version, this.#outgoing.peerVersionOr(version), decoder.bodyOwned);
    this.#underWay = 'idle';
    if (isResponse) {
      this.#outgoing.settle(decoder.requestId, (status & STATUS.error) !== 0, input);
      this.#life.onDone();
      return;
    }
    this.#incoming.serve(this.#registration as Registration, decoder.variable, decoder, input);
  }

  #onCompressedBody(decoder: NativeDecoder): void {
    const { requestId, variable, version } = decoder;
    const isResponse = (decoder.status & STATUS.response) !== 0;
    const isStray = this.#underWay === 'discard';
    this.#underWay = 'idle';
    if (isStray) {
      checkStray(decoder.body.subarray(decoder.bodyStart, decoder.bodyEnd));
      return;
    }
    const isError = (decoder.status & STATUS.error) !== 0;
    const registration = isResponse ? null : this.#registration;
    const charged = decoder.bodyBytes;
    const frame = frameOf(decoder);
    const { body: memory, bodyOwned } = decoder;
    const view = memory.subarray(decoder.bodyStart, decoder.bodyEnd);
    const inputOf = (inflated: Buffer) => inputOver(this.#options, inflated, version, this.#outgoing.peerVersionOr(version), charged);
    const inflater = (this.#inflater ??= new BodyInflater(this.#life, this.#gate, this.#options.limits));
    inflater.inflate(view, !isResponse, bodyOwned, (error, inflated) => {
      if (this.#life.isClosed) {
        // The memory is not given back: the thread that inflates may still read it.
        if (registration !== null) this.#incoming.account?.release(registration.exempt, charged);
        return;
      }
      if (bodyOwned) bodies.giveExact(memory);
      if (error !== null) this.#onInflateError(error, requestId, registration, variable, frame);
      else if (registration === null) {
        const input = inputOf(inflated);
        this.#outgoing.settle(requestId, isError, input);
        freeInflated(inflated, input);
        this.#life.onDone();
      } else {
        const refusal = this.#incoming.openAccount(this).grow(registration, inflated.length, charged);
        if (refusal !== null) this.#incoming.abandon(registration, variable, frame, refusal);
        else {
          const input = inputOf(inflated);
          this.#incoming.serve(registration, variable, { ...frame, bodyBytes: inflated.length }, input);
          freeInflated(inflated, input);
          inflater.charge(charged, input.spent);
        }
      }
    });
  }

  /** A body that does not inflate breaks the protocol; one that inflates to too much costs its call only. */
  #onInflateError(
    error: TransportError,
    requestId: number,
    registration: Registration | null,
    variable: VariableHeader,
    frame: RequestFrame,
  ): void {
    if (registration === null) {
      this.#outgoing.reject(requestId, error);
      this.#life.onDone();
    } else this.#incoming.abandon(registration, variable, frame, error);
    if (error instanceof FrameError) this.#life.onBroken(error);
  }

  /** Lets go of the message under way: the channel is over. */
  close(error: TransportError): void {
    if (this.#underWay === 'stream') this.#head?.close(error);
    else if (this.#underWay === 'request body' && this.#incoming.account?.isArriving === false)
      this.#incoming.account.release((this.#registration as Registration).exempt, this.#decoder.bodyBytes);
    this.#underWay = 'idle';
  }
}

/** Returns a copy of what the decoder says of the frame: the decoder goes on. */
function frameOf({ idHigh, idLow, version, status, bodyBytes }: NativeDecoder): RequestFrame {
  return { idHigh, idLow, version, status, bodyBytes };
}
