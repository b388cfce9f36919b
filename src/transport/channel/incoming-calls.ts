import { performance } from 'node:perf_hooks';
import { tcpHandshake } from '../../protocol/action/internal/tcp-handshake.ts';
import type { Codec } from '../../protocol/codec/codec.ts';
import { exception } from '../../protocol/codec/exception/exception.ts';
import { toErrorResponse } from '../../protocol/codec/exception/error-response.ts';
import { NO_TASK, taskId } from '../../protocol/codec/task-id.ts';
import { StatusError } from '../../protocol/error/status-error.ts';
import { DecodeError, TransportError } from '../../protocol/error/transport-error.ts';
import { beginFrame, beginFrameWith, compressBody, endFrame, frameHead } from '../../protocol/frame/native/encoder.ts';
import { STATUS } from '../../protocol/frame/native/fixed-header.ts';
import type { ResponseHeaders, VariableHeader } from '../../protocol/frame/native/variable-header.ts';
import type { WireLimits } from '../../protocol/wire/limits.ts';
import type { StreamInput } from '../../protocol/wire/stream-input.ts';
import type { StreamOutput } from '../../protocol/wire/stream-output.ts';
import { minVersion, type VersionId } from '../../protocol/wire/version.ts';
import type { CallMetrics } from '../call/call-metrics.ts';
import { type CallEnded, diagnostics } from '../call/diagnostics.ts';
import { type Dispatcher, Registration, unknownAction } from '../call/dispatcher.ts';
import type { PeerChannel } from '../call/peer-channel.ts';
import { type RequestFrame, type RequestStream, ServerCallContext } from '../call/server-context.ts';
import { arrivals } from '../util/arrival-clock.ts';
import { release } from '../util/body-pool.ts';
import type { Writer } from './writer.ts';
import { closeUnsent } from './unsent-source.ts';

/** What a stream is charged: about what may wait for its reader. */
const STREAM_CHARGE_BYTES = 256 * 1024;

/** The head of most responses, which have no headers of their own. */
const PLAIN_HEAD = frameHead({});

/** What the answers of all channels of an endpoint share. */
export interface IncomingOptions {
  /** Who serves requests that come in. */
  readonly dispatcher: Dispatcher;
  /** Our node's name, for error messages. */
  readonly nodeName: string;
  /** Newest stream version we write in answers. */
  readonly version: VersionId;
  readonly limits: WireLimits;
  /** Where requests of the peer are counted, or null. */
  readonly metrics: CallMetrics | null;
}

/** What a channel is told of its answers. */
export interface IncomingHost extends PeerChannel {
  /** An answer could not be written as its handler gave it, or a handler threw what is no answer to its caller. */
  onHandlerError(action: string, error: unknown): void;
  /** Told after each answer: a draining channel waits for the last. */
  onDone(): void;
}

/** The requests a channel receives and the answers it sends. */
export class IncomingCalls {
  /** Requests whose handler has not answered. */
  running = 0;
  readonly #writer: Writer;
  readonly #host: IncomingHost;
  readonly #options: IncomingOptions;
  #closed = false;

  constructor(writer: Writer, host: IncomingHost, options: IncomingOptions) {
    this.#writer = writer;
    this.#host = host;
    this.#options = options;
  }

  /** Who will serve a request of which only the header has come, or why nobody will: then its body is not worth keeping. */
  // hot: call
  admit(variable: VariableHeader, bodyBytes: number, handshake: boolean): Registration | TransportError {
    let registration = handshake ? undefined : variable.slot;
    if (!(registration instanceof Registration)) {
      // The handshake bit wins over the name, and without it there is no such action (wire-format.md §6.7).
      if (!handshake && variable.action === tcpHandshake.name) return unknownAction(variable.action);
      registration = this.#options.dispatcher.find(handshake ? tcpHandshake.name : variable.action);
      if (registration === undefined) return unknownAction(variable.action);
      if (!handshake) variable.slot = registration;
    }
    return (
      this.#options.dispatcher.admit(registration as Registration, chargeFor(registration as Registration, bodyBytes)) ??
      (registration as Registration)
    );
  }

  /** Reads an admitted request and runs its handler. */
  // hot: call
  serve(registration: Registration, variable: VariableHeader, frame: RequestFrame, input: StreamInput): void {
    this.running++;
    let context: ServerCallContext | null = null;
    let request: unknown;
    try {
      context = new ServerCallContext(this.#host, variable, frame, taskId.read(input));
      request = registration.action.request.read(input);
      input.expectEnd('request');
    } catch (error) {
      const failed = context ?? new ServerCallContext(this.#host, variable, frame, NO_TASK);
      this.#fail(failed, notRead(failed, error));
      return;
    }
    this.#run(registration, context, request);
  }

  /**
   * Reads an admitted request of which only what stands in front of its stream is there.
   *
   * @returns runs the handler
   * @throws ERR_DECODE when more bytes are needed, or they are malformed
   */
  readStreamed(
    registration: Registration,
    variable: VariableHeader,
    frame: RequestFrame,
    input: StreamInput,
  ): (stream: RequestStream) => void {
    const context = new ServerCallContext(this.#host, variable, frame, taskId.read(input));
    const request = registration.action.request.read(input);
    return (stream) => {
      this.running++;
      context.requestStream = stream;
      this.#run(registration, context, request);
    };
  }

  // hot: call
  #run(registration: Registration, context: ServerCallContext, request: unknown): void {
    if (this.#options.metrics !== null || diagnostics.requestEnd.hasSubscribers) context.startedAt = arrivals.now();
    let answer: unknown;
    try {
      answer = registration.run(request, context);
    } catch (error) {
      this.#fail(context, error, registration);
      return;
    }
    if (isPromise(answer)) this.#await(registration, context, answer);
    else this.#answer(registration, context, answer);
  }

  #await(registration: Registration, context: ServerCallContext, answer: PromiseLike<unknown>): void {
    // What is no promise of the platform may throw in `then`, or call back twice.
    Promise.resolve(answer).then(
      (value) => this.#answer(registration, context, value),
      (error: unknown) => this.#fail(context, error, registration),
    );
  }

  /** A request that nobody serves, once its body has gone by. */
  refuse(variable: VariableHeader, frame: RequestFrame, error: TransportError): void {
    this.#writeError(new ServerCallContext(this.#host, variable, frame, NO_TASK), error);
  }

  /** A request that was admitted and whose body cannot be had. */
  abandon(variable: VariableHeader, frame: RequestFrame, error: TransportError): void {
    this.running++;
    this.#fail(new ServerCallContext(this.#host, variable, frame, NO_TASK), error);
  }

  // hot: call
  #answer(registration: Registration, context: ServerCallContext, value: unknown): void {
    this.#options.dispatcher.release(context.bodyBytes);
    if (context.startedAt !== 0) this.#publish(registration, context, null);
    if (this.#closed) {
      closeUnsent(registration.action.response, value);
      this.#afterAnswer(context);
      return;
    }
    const version = this.#versionFor(context);
    const output = this.#writer.begin(version, version);
    const status = STATUS.response | (context.handshake ? STATUS.handshake : 0);
    try {
      beginResponse(output, context.responseHeaders);
      (registration.action.response as Codec<unknown, unknown>).write(output, value);
      const { limits } = this.#options;
      const { tail } = output;
      if (tail !== null) this.#writer.checkTail();
      const compress = context.compressed && tail === null;
      if (compress) compressBody(output);
      const bits = compress ? status | STATUS.compressed : status;
      const maxFrameBytes = tail === null ? limits.maxFrameBytes : limits.maxStreamBytes;
      endFrame(output, context.idHigh, context.idLow, bits, version, maxFrameBytes);
    } catch (error) {
      this.#writer.rollback();
      closeUnsent(registration.action.response, value);
      this.#host.onHandlerError(context.action, error);
      this.#writeError(context, error);
      this.#afterAnswer(context);
      return;
    }
    const { released } = context;
    if (released === null) this.#writer.commit();
    else this.#writer.commit(() => release(released));
    this.#afterAnswer(context);
  }

  /** The request counts as under way until its answer is in the writer. */
  #afterAnswer({ requestStream }: ServerCallContext): void {
    this.running--;
    requestStream?.dropUnread();
    this.#host.onDone();
  }

  #fail(context: ServerCallContext, error: unknown, registration?: Registration): void {
    this.#options.dispatcher.release(context.bodyBytes);
    if (context.startedAt !== 0 && registration !== undefined) this.#publish(registration, context, error);
    if (registration !== undefined && isFault(error)) this.#host.onHandlerError(context.action, error);
    this.#writeError(context, error);
    this.#afterAnswer(context);
  }

  #publish({ action }: Registration, { startedAt, remote }: ServerCallContext, error: unknown): void {
    const durationMs = performance.now() - startedAt;
    this.#options.metrics?.record(action, durationMs, error);
    if (diagnostics.requestEnd.hasSubscribers) {
      diagnostics.requestEnd.publish({ action: action.name, remote, durationMs, error } satisfies CallEnded);
    }
  }

  /**
   * An error response: never compressed, never with the handshake bit. One that cannot be written is answered by the reason why, without headers.
   *
   * @see wire-format.md §4.3
   */
  #writeError(context: ServerCallContext, error: unknown, isLast = false): void {
    if (this.#closed) return;
    const version = this.#versionFor(context);
    const { nodeName, limits } = this.#options;
    const { local } = this.#host;
    const output = this.#writer.begin(version, version);
    try {
      beginResponse(output, isLast ? null : context.responseHeaders);
      exception.write(output, toErrorResponse(error, { nodeName, local, action: context.action, version }));
      endFrame(output, context.idHigh, context.idLow, STATUS.response | STATUS.error, version, limits.maxFrameBytes);
    } catch (failure) {
      this.#writer.rollback();
      this.#host.onHandlerError(context.action, failure);
      if (!isLast) this.#writeError(context, failure, true);
      return;
    }
    this.#writer.commit();
  }

  /** A handshake is echoed, whatever version its header says; other answers are no newer than we are. @see wire-format.md §6.4 */
  #versionFor(context: ServerCallContext): VersionId {
    return context.handshake ? context.version : minVersion(context.version, this.#options.version);
  }

  /** The channel is over: answers that come now are dropped. */
  close(): void {
    this.#closed = true;
  }
}

/** What a request is charged: a stream is never held whole. */
export function chargeFor(registration: Registration, bodyBytes: number): number {
  return registration.action.request.hasStream === true ? Math.min(bodyBytes, STREAM_CHARGE_BYTES) : bodyBytes;
}

function beginResponse(output: StreamOutput, responseHeaders: ResponseHeaders | null): void {
  if (responseHeaders === null) beginFrame(output, PLAIN_HEAD);
  else beginFrameWith(output, { responseHeaders });
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

/** What no handler throws on purpose. */
function isFault(error: unknown): boolean {
  return !(error instanceof StatusError || error instanceof TransportError);
}

/** In the words of a node. @see wire-format.md §4.1 */
function notRead(context: ServerCallContext, error: unknown): DecodeError {
  const what = `Message not fully read (request) for requestId [${context.requestId}], action [${context.action}]`;
  const details = error instanceof DecodeError ? { cause: error, path: error.path } : { cause: error };
  return new DecodeError('ERR_BAD_REQUEST', details, `${what}; resetting: ${(error as Error).message}`);
}
