import {
  type ExtensionRestRequest,
  restExecuteOnExtension,
  type RestExecuteOnExtensionResponseInit,
} from '../../protocol/action/extension/node-to-extension.ts';
import type { AnyAction, RequestOf, ResponseOf } from '../../protocol/action/define-action.ts';
import { StatusError } from '../../protocol/error/status-error.ts';
import { shortened } from '../../protocol/error/shortened.ts';
import { DeadlineError } from '../../protocol/error/transport-error.ts';
import type { ServerCallContext } from '../../transport/call/server-context.ts';
import { errorResponse } from '../rest/error-response.ts';
import { answerMessage } from '../rest/response.ts';
import { isGenericParam } from './generic-routes.ts';
import type { HeldRequests } from './held-requests.ts';
import type { NodeSession } from './node-session.ts';
import { isIdempotent, isLostWorker, mayReplay } from './replay.ts';
import type { CompleteOptions, SupervisorEvent } from './supervisor-options.ts';
import type { WorkerConnection } from './worker-connection.ts';

/** A worker has the whole time of a request for itself if it got it at once: its own 504 names the route, so it is waited for a little longer. */
const GRACE_MS = 250;

/** What a forwarder needs. */
export interface ForwarderOptions extends Pick<CompleteOptions, 'replay' | 'holdMs' | 'timeoutMs' | 'maxHeld'> {
  readonly held: HeldRequests<WorkerConnection>;
  /** Returns the connection for the requests of a node, or null while there is none. */
  readonly connectionOf: (session: NodeSession) => WorkerConnection | null;
  /** Says why there is no worker, for answers. */
  readonly lack: () => string;
  readonly emit: (event: SupervisorEvent) => void;
}

/** A request of a node on its way to a worker. */
interface Delivery {
  readonly session: NodeSession;
  readonly context: ServerCallContext;
  readonly method: string | null;
  readonly uri: string | null;
  readonly bytes: number;
  readonly isIdempotent: boolean;
}

/** Gives requests of nodes to the worker that serves; holds them while there is none, and repeats those that may be when their worker goes away. */
export class RequestForwarder {
  readonly #options: ForwarderOptions;

  constructor(options: ForwarderOptions) {
    this.#options = options;
  }

  /** Executes a REST request. */
  async rest(session: NodeSession, request: ExtensionRestRequest, context: ServerCallContext): Promise<RestExecuteOnExtensionResponseInit> {
    const { method, uri, content } = request;
    const delivery = { session, context, method, uri, bytes: content.length + uri.length, isIdempotent: isIdempotent(method) };
    try {
      return await this.#deliver(delivery, (connection, leftMs) => this.#execute(connection, request, context, leftMs));
    } catch (error) {
      if (error instanceof StatusError) return answerMessage(errorResponse(error), Object.keys(request.params));
      throw error;
    }
  }

  async #execute(
    connection: WorkerConnection,
    request: ExtensionRestRequest,
    context: ServerCallContext,
    leftMs: number,
  ): Promise<RestExecuteOnExtensionResponseInit> {
    const served = connection.routes.find(request, connection.session.node.uniqueId);
    if (served.answer !== undefined) return answerMessage(served.answer, Object.keys(request.params));
    const generic = Object.keys(request.params).filter(isGenericParam);
    const own = Object.entries(request.params).filter(([name]) => !isGenericParam(name));
    const params = { ...Object.fromEntries(own), ...served.params };
    const answer = await connection.call(restExecuteOnExtension, { ...request, params }, context, leftMs);
    return { ...answer, consumedParams: [...answer.consumedParams, ...generic] };
  }

  /** Passes any other request on. @param idempotent true if a repetition does no harm */
  pass<A extends AnyAction>(
    session: NodeSession,
    action: A,
    request: RequestOf<A>,
    context: ServerCallContext,
    idempotent: boolean,
  ): Promise<ResponseOf<A>> {
    const delivery = { session, context, method: null, uri: null, bytes: context.bodyBytes, isIdempotent: idempotent };
    return this.#deliver(delivery, (connection, leftMs) => connection.call(action, request, context, leftMs));
  }

  async #deliver<Answer>(delivery: Delivery, run: (connection: WorkerConnection, leftMs: number) => Promise<Answer>): Promise<Answer> {
    const { timeoutMs, replay } = this.#options;
    const until = performance.now() + timeoutMs;
    for (let deliveries = 1; ; deliveries++) {
      const connection = await this.#connection(delivery, until);
      try {
        return await run(connection, Math.max(1, until - performance.now() + GRACE_MS));
      } catch (error) {
        if (error instanceof DeadlineError) throw this.#refusal(delivery, 504, this.#late());
        if (!isLostWorker(error)) throw error;
        if (!mayReplay(error, deliveries, delivery.isIdempotent, replay)) throw this.#refusal(delivery, 503, lostText(delivery));
        const { context, method, uri } = delivery;
        this.#options.emit({ type: 'requestReplayed', action: context.action, method, uri });
      }
    }
  }

  /** @throws StatusError 503 without a worker, 504 if no time is left */
  async #connection(delivery: Delivery, until: number): Promise<WorkerConnection> {
    const { held, holdMs, maxHeld, connectionOf, lack } = this.#options;
    const { session, bytes } = delivery;
    const leftMs = until - performance.now();
    if (leftMs <= 0) throw this.#refusal(delivery, 504, this.#late());
    const found = await held.wait(bytes, Math.min(holdMs, leftMs), () => connectionOf(session));
    if (found === 'full')
      throw this.#refusal(delivery, 503, `${lack()}, and ${maxHeld} requests or their bytes are the most that wait for one`);
    if (found === 'too late')
      throw this.#refusal(delivery, 503, `${lack()}; the request waited ${Math.round(Math.min(holdMs, leftMs))} ms`);
    return found;
  }

  #late(): string {
    return `the extension did not answer within ${this.#options.timeoutMs} ms`;
  }

  #refusal({ context, method, uri }: Delivery, status: 503 | 504, reason: string): StatusError {
    this.#options.emit({ type: 'requestFailed', action: context.action, method, uri, status, reason });
    return new StatusError(status, status === 504 ? 'timeout_exception' : 'extension_unavailable_exception', reason);
  }
}

function lostText({ method, uri, context }: Delivery): string {
  const what = method === null ? shortened(context.action) : `${method} ${shortened(uri ?? '')}`;
  return `the worker of the extension ended during ${what}, which may have been executed and is not repeated; repeat it if that does no harm`;
}
