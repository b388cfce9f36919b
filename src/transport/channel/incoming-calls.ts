import { tcpHandshake, type TcpHandshakeRequest } from '../../protocol/action/internal/tcp-handshake.ts';
import type { Codec } from '../../protocol/codec/codec.ts';
import { exception } from '../../protocol/codec/exception/exception.ts';
import { type ErrorSource, errorResponseFrom, toErrorSource } from '../../protocol/codec/exception/error-response.ts';
import { NO_TASK, type TaskId, taskId } from '../../protocol/codec/task-id.ts';
import { OverloadedError, type TransportError } from '../../protocol/error/transport-error.ts';
import { dropVariableSize, endFrame } from '../../protocol/frame/native/encoder.ts';
import type { NativeDecoder } from '../../protocol/frame/native/decoder.ts';
import { STATUS } from '../../protocol/frame/native/fixed-header.ts';
import type { VariableHeader } from '../../protocol/frame/native/variable-header.ts';
import type { StreamInput } from '../../protocol/wire/stream-input.ts';
import type { StreamOutput } from '../../protocol/wire/stream-output.ts';
import { isOpenSearchVersion, V_EMPTY, V_LEGACY_7_6_0, type VersionId, versionText } from '../../protocol/wire/version.ts';
import { debug } from '../call/debug-log.ts';
import { diagnostics } from '../call/diagnostics.ts';
import { Account, type ArrivalOwner } from '../call/account.ts';
import type { HostAccount } from '../call/budget.ts';
import { Registration, unknownAction } from '../call/dispatcher.ts';
import { type RequestFrame, ServerCallContext } from '../call/server-context.ts';
import { arrivals } from '../util/arrival-clock.ts';
import { release } from '../util/body-pool.ts';
import { adopt, isThenable } from '../util/user-code.ts';
import { AnswerBudget, DROPPED, LARGE_BYTES, NOT_SERVED } from './answer-budget.ts';
import { invalidAnswer, isFault, notRead } from './answer-errors.ts';
import { beginResponse } from './answer-head.ts';
import { type AnswerRoom, ChannelFacade } from './channel-facade.ts';
import type { ChannelLife } from './channel-life.ts';
import { deflateIfSmall, deflateLater, type HeldFrame, writeHeld } from './deflating.ts';
import type { IncomingOptions } from './incoming-options.ts';
import type { OutgoingCalls } from './outgoing-calls.ts';
import { tellEnded } from './request-ended.ts';
import { endsWithStream, type StreamedMessage } from './stream-head.ts';
import { closeUnsent } from './unsent-source.ts';
import { answerVersion } from './version-policy.ts';
import type { Writer } from './writer.ts';

/** The requests a channel receives: it admits them, has them served, and answers them. */
export class IncomingCalls implements AnswerRoom {
  /** Requests that a handler has not answered yet. */
  runningCount = 0;
  /** What the requests of the channel are charged; null before the first. */
  account: Account | null = null;
  readonly #host: HostAccount;
  readonly #writer: Writer;
  readonly #life: ChannelLife;
  readonly #outgoing: OutgoingCalls;
  readonly #options: IncomingOptions;
  /** Made when an answer has to wait first. */
  #waiting: AnswerBudget | null = null;
  /** The channel as handlers see it. Made with the first request. */
  #channel: ChannelFacade | null = null;
  /** What the errors sent have in common. Made with the first one. */
  #source: ErrorSource | null = null;
  /** The request whose answer ended with a stream last: its signal is of use while the stream is written. */
  #streamed: ServerCallContext | null = null;
  /** The release of the peer, from a handshake on this channel; 0 without one. */
  #told: VersionId = V_EMPTY;

  constructor(writer: Writer, life: ChannelLife, outgoing: OutgoingCalls, options: IncomingOptions) {
    this.#writer = writer;
    this.#life = life;
    this.#outgoing = outgoing;
    this.#options = options;
    this.#host = options.dispatcher.admission.onOpened(life.link.remote.host);
  }

  get #budget(): AnswerBudget {
    return (this.#waiting ??= new AnswerBudget(this.#life, this.#writer, this.#options));
  }

  /** @throws ERR_OVERLOADED when the answer to a request would have to wait behind too many others */
  throwIfFull(action: string): void {
    if (this.#writer.isStuck && this.#budget.isFull) throw this.#budget.refusal(action, NOT_SERVED);
  }

  /** Returns the account of the channel. @param owner told when a message that is arriving makes way: the same one each time */
  openAccount(owner: ArrivalOwner): Account {
    return (this.account ??= new Account(this.#options.dispatcher.admission, this.#host, owner));
  }

  /**
   * Admits a request whose header has come: charges its whole body if that has come, too, else a place for it.
   *
   * @param owner as of {@link openAccount}
   * @returns who will serve the request, or why it is refused: then its body is not kept
   * @throws ERR_OVERLOADED when the peer sends requests and does not read our answers; the channel has to end
   */
  // hot: call
  admit(decoder: NativeDecoder, isHandshake: boolean, owner: ArrivalOwner): Registration | TransportError {
    const { variable, bodyBytes } = decoder;
    if (!isHandshake || this.#options.role === 'dialed') this.#follow(decoder.version);
    const refusal = this.#life.refusal ?? this.#unread(variable);
    if (refusal !== null) return refusal;
    let registration = isHandshake ? undefined : variable.slot;
    if (!(registration instanceof Registration)) {
      // The handshake bit wins over the name, and without it there is no such action (wire-format.md §6.7).
      if (!isHandshake && variable.action === tcpHandshake.name) return unknownAction(variable.action);
      registration = this.#options.dispatcher.find(isHandshake ? tcpHandshake.name : variable.action);
      if (registration === undefined) return unknownAction(variable.action);
      if (!isHandshake) variable.slot = registration;
    }
    const found = registration as Registration;
    if (endsWithStream(found, decoder.status)) return this.openAccount(owner).begin(found, 0) ?? found;
    const account = this.openAccount(owner);
    return (decoder.hasBody ? account.admit(found, bodyBytes) : account.begin(found, bodyBytes)) ?? found;
  }

  // hot: call
  #follow(version: VersionId): void {
    if (this.#options.role === 'accepted') this.#outgoing.follow(version);
    else if (this.#writer.isStuck) this.#budget.check(this.#life.label);
  }

  /** Returns why a request is not served: its answer would have to wait behind too many others. An accepting end does not read it in the first place. */
  // hot: call
  #unread(variable: VariableHeader): OverloadedError | null {
    return this.#writer.isStuck && this.#budget.isFull ? this.#budget.refusal(variable.action, NOT_SERVED) : null;
  }

  /** Reads an admitted request and runs its handler. */
  // hot: call
  serve(registration: Registration, variable: VariableHeader, frame: RequestFrame, input: StreamInput): void {
    this.runningCount++;
    let context: ServerCallContext | null = null;
    let request: unknown;
    let isRead = false;
    try {
      context = this.#contextOf(registration, variable, frame, taskId.read(input));
      request = registration.request.read(input);
      isRead = true;
      input.expectEnd('request');
    } catch (error) {
      const failed = context ?? this.#contextOf(registration, variable, frame, NO_TASK);
      this.#fail(failed, notRead(failed, error, isRead ? input.remaining : 0));
      return;
    }
    if (context.handshake) this.#meet(request as TcpHandshakeRequest);
    this.#run(registration, context, request);
  }

  /** Learns the release of the peer from its handshake. */
  #meet({ version }: TcpHandshakeRequest): void {
    if (this.#options.role === 'dialed') return;
    this.#life.onHandshake();
    if (version === null || !isOpenSearchVersion(version)) return;
    const { host } = this.#life.link.remote;
    const { releases } = this.#options;
    if (this.#told !== V_EMPTY) releases.remove(host, this.#told);
    this.#told = version;
    releases.add(host, version);
    this.#outgoing.peerVersion = version;
    if (debug.enabled) this.#life.log(`handshake: the peer runs ${versionText(version)}`);
  }

  // hot: call
  #contextOf(registration: Registration | null, variable: VariableHeader, frame: RequestFrame, parentTask: TaskId): ServerCallContext {
    this.#channel ??= new ChannelFacade(this.#life, this.#outgoing, this);
    const context = new ServerCallContext(this.#channel, variable, frame, parentTask);
    if (registration?.exempt === true) context.isExempt = true;
    return context;
  }

  /** An admitted request that ends with a stream: its handler runs when the stream begins. @param frame of which no bytes are charged */
  streamedRequest(registration: Registration, variable: VariableHeader, frame: RequestFrame): StreamedMessage {
    return {
      read: (input) => {
        const context = this.#contextOf(registration, variable, frame, taskId.read(input));
        const request = registration.request.read(input);
        return (stream) => {
          this.account?.beginStream();
          this.runningCount++;
          context.requestStream = stream;
          this.#run(registration, context, request);
        };
      },
      fail: (error) => {
        this.account?.beginStream();
        this.abandon(registration, variable, frame, error);
      },
      abandon: () => undefined, // The account gives back what a message under way is charged.
    };
  }

  // hot: call
  #run(registration: Registration, context: ServerCallContext, request: unknown): void {
    if (this.#options.incomingMetrics !== null || diagnostics.requestEnd.hasSubscribers) context.startedAt = arrivals.now();
    let answer: unknown;
    let isLater = false;
    try {
      answer = registration.run(request, context);
      // In here, because a `then` that is a getter may throw.
      isLater = isThenable(answer);
    } catch (error) {
      this.#fail(context, error, registration);
      return;
    }
    if (isLater) this.#await(registration, context, answer as PromiseLike<unknown>);
    else this.#answer(registration, context, answer);
  }

  #await(registration: Registration, context: ServerCallContext, answer: PromiseLike<unknown>): void {
    adopt(
      answer,
      (value) => this.#answer(registration, context, value),
      (error) => this.#fail(context, error, registration),
    );
  }

  /** Answers a request that was not admitted, once its body has gone by. */
  refuse(variable: VariableHeader, frame: RequestFrame, error: TransportError): void {
    const context = this.#contextOf(null, variable, frame, NO_TASK);
    if (debug.enabled) this.#logRefused(context, error);
    if (this.#writer.isStuck && this.#budget.isFull) this.#writeDropped(context, NOT_SERVED);
    else this.#writeError(context, error);
  }

  /** Answers a request that was admitted and whose body cannot be read. */
  abandon(registration: Registration, variable: VariableHeader, frame: RequestFrame, error: TransportError): void {
    this.runningCount++;
    const context = this.#contextOf(registration, variable, frame, NO_TASK);
    if (debug.enabled) this.#logRefused(context, error);
    this.#fail(context, error);
  }

  #logRefused({ action, requestId }: ServerCallContext, { code, message }: TransportError): void {
    this.#life.log(`request refused: ${action} [${requestId}]: ${code} ${message}`);
  }

  // hot: call
  #answer(registration: Registration, context: ServerCallContext, value: unknown): void {
    this.account?.release(context.isExempt, context.bodyBytes);
    if (context.startedAt !== 0) tellEnded(registration, context, this.#options, null);
    (context.answerer === null ? this : this.#handOver(context)).#write(registration, context, value);
  }

  // hot: call
  #write(registration: Registration, context: ServerCallContext, value: unknown): void {
    if (this.#life.isClosed) {
      closeUnsent(registration.response, value);
      this.#afterAnswer(context);
      return;
    }
    if (this.#writer.isStuck && this.#budget.isFull) {
      closeUnsent(registration.response, value);
      this.#writeDropped(context);
      this.#afterAnswer(context);
      return;
    }
    const version = answerVersion(context.version, this.#options.version);
    const output = this.#writer.begin(version, this.#outgoing.peerVersionOr(version));
    const status = STATUS.response | (context.handshake ? STATUS.handshake : 0);
    try {
      beginResponse(output, context.responseHeaders);
      (registration.response as Codec<unknown, unknown>).write(output, value);
      const { limits } = this.#options;
      const { tail } = output;
      if (tail !== null) {
        this.#writer.checkTail();
        this.#streamed?.finish();
        this.#streamed = context;
      }
      const deflating = context.compressed && tail === null ? deflateIfSmall(output, limits) : 'plain';
      if (deflating === 'later') {
        this.#answerLater(context, version, output);
        return;
      }
      const bits = deflating === 'deflated' ? status | STATUS.compressed : status;
      const maxFrameBytes = tail === null ? limits.maxFrameBytes : limits.maxStreamBytes;
      endFrame(output, context.idHigh, context.idLow, bits, version, maxFrameBytes);
      if (version < V_LEGACY_7_6_0) dropVariableSize(output);
    } catch (error) {
      closeUnsent(registration.response, value, output.tail);
      this.#failAnswer(context, error);
      return;
    }
    this.#commitAnswer(context);
  }

  // hot: call
  #commitAnswer(context: ServerCallContext): void {
    const bytes = this.#writer.begunBytes;
    if (bytes > 0 && (bytes > LARGE_BYTES || this.#writer.isStuck) && !this.#budget.takes(bytes)) {
      this.#writer.rollback();
      this.#writeDropped(context, DROPPED, bytes);
      this.#afterAnswer(context);
      return;
    }
    const { released } = context;
    if (released === null) this.#writer.commit();
    else this.#commitAndRelease(released);
    this.#afterAnswer(context);
  }

  #commitAndRelease(released: Uint8Array): void {
    this.#writer.commit(() => release(released));
  }

  /** The answer begun cannot be encoded. */
  #failAnswer(context: ServerCallContext, error: unknown): void {
    this.#writer.rollback();
    this.#options.observer.onHandlerError(context.action, error);
    this.#writeError(context, invalidAnswer(context, error));
    this.#afterAnswer(context);
  }

  /** Sends the answer just encoded when it is deflated. */
  #answerLater(context: ServerCallContext, version: VersionId, output: StreamOutput): void {
    deflateLater(this.#life, this.#writer, this.#options.limits, output, (frame) => this.#answerDeflated(context, version, frame));
  }

  #answerDeflated(context: ServerCallContext, version: VersionId, frame: HeldFrame): void {
    const isDropped = this.#writer.isStuck && this.#budget.isFull;
    if (isDropped || this.#life.isClosed) {
      if (isDropped) this.#writeDropped(context);
      this.#afterAnswer(context);
      return;
    }
    const output = this.#writer.begin(version, this.#outgoing.peerVersionOr(version));
    try {
      const status = STATUS.response | (context.handshake ? STATUS.handshake : 0);
      writeHeld(output, frame, context.idHigh, context.idLow, status, version, this.#options.limits.maxFrameBytes);
      if (version < V_LEGACY_7_6_0) dropVariableSize(output);
    } catch (error) {
      this.#failAnswer(context, error);
      return;
    }
    this.#commitAnswer(context);
  }

  /** The request counts as running until its answer is in the writer. */
  #afterAnswer(context: ServerCallContext): void {
    this.runningCount--;
    if (context !== this.#streamed) context.finish();
    context.requestStream?.dropUnread();
    this.#life.onDone();
  }

  #fail(context: ServerCallContext, error: unknown, registration?: Registration): void {
    this.account?.release(context.isExempt, context.bodyBytes);
    if (context.startedAt !== 0 && registration !== undefined) tellEnded(registration, context, this.#options, error);
    if (registration !== undefined && isFault(error)) this.#options.observer.onHandlerError(context.action, error);
    const writing = this.#handOver(context);
    writing.#writeError(context, error);
    writing.#afterAnswer(context);
  }

  /** Returns the channel that writes an answer; the request counts as running there from now on. */
  #handOver({ answerer }: ServerCallContext): IncomingCalls {
    if (!(answerer instanceof IncomingCalls) || answerer.#life.isClosed || this.#life.isClosed) return this;
    answerer.runningCount++;
    this.runningCount--;
    this.#life.onDone();
    return answerer;
  }

  /**
   * Writes an error response: never compressed, never with the handshake bit. If the error cannot be encoded, the reason is sent instead, without headers.
   *
   * @see wire-format.md §4.3
   */
  #writeError(context: ServerCallContext, error: unknown, isLast = false): void {
    if (this.#life.isClosed) return;
    if (this.#writer.isStuck && !isLast && this.#budget.isFull) {
      if (error instanceof OverloadedError) this.#writeError(context, error, true);
      else this.#writeDropped(context);
      return;
    }
    const version = answerVersion(context.version, this.#options.version);
    const { nodeName, limits } = this.#options;
    const output = this.#writer.begin(version, this.#outgoing.peerVersionOr(version));
    try {
      beginResponse(output, isLast ? null : context.responseHeaders);
      this.#source ??= toErrorSource({ nodeName, local: this.#life.link.local });
      exception.write(output, errorResponseFrom(error, this.#source, { action: context.action }, version));
      endFrame(output, context.idHigh, context.idLow, STATUS.response | STATUS.error, version, limits.maxFrameBytes);
      if (version < V_LEGACY_7_6_0) dropVariableSize(output);
    } catch (failure) {
      this.#writer.rollback();
      this.#options.observer.onHandlerError(context.action, failure);
      if (!isLast) this.#writeError(context, failure, true);
      return;
    }
    if (this.#writer.isStuck) this.#budget.add(output.size);
    this.#writer.commit();
  }

  /** Writes a short error in place of an answer: too much waits for a peer that does not read. What the handler answered is not encoded. */
  #writeDropped(context: ServerCallContext, what = DROPPED, bytes = 0): void {
    const error = this.#budget.refusal(context.action, what, bytes);
    if (debug.enabled) this.#life.log(`answer dropped: ${error.message}`);
    this.#writeError(context, error, true);
  }

  /** Forgets the peer: the channel is over. Answers that come now are dropped. */
  close(): void {
    if (this.account === null) this.#options.dispatcher.admission.onClosed(this.#host);
    else this.account.close();
    if (this.#told !== V_EMPTY) this.#options.releases.remove(this.#life.link.remote.host, this.#told);
  }
}
