import type { ExtensionRestRequest, RestExecuteOnExtensionResponseInit } from '../../protocol/action/extension/node-to-extension.ts';
import { StatusError } from '../../protocol/error/status-error.ts';
import { noRouteResponse } from '../../protocol/rest/router.ts';
import type { ServerCallContext } from '../../transport/call/server-context.ts';
import { adopt, isThenable } from '../../transport/util/user-code.ts';
import { errorResponse } from './error-response.ts';
import type { ExtensionEvent } from '../extension-options.ts';
import type { QueryParams } from './query-params.ts';
import type { RestClient } from './rest-client.ts';
import { createRequest } from './request.ts';
import { RequestDeadline } from './request-deadline.ts';
import { ownerOf, pathSegments } from './request-path.ts';
import { answerMessage, json, text, toExtensionResponse } from './response.ts';
import type { Route } from './route.ts';
import type { RouteTable } from './route-table.ts';

/** What the execution of requests needs of its extension. */
export interface ExecutorOptions {
  readonly routes: RouteTable;
  /** Time for a handler, in milliseconds. */
  readonly timeoutMs: number;
  /** Whether only the parameters that a handler has read count as consumed. */
  readonly strictParams: boolean;
  /** The unique ids under which nodes know the extension. */
  readonly uniqueIds: () => Iterable<string>;
  /** Makes the REST client of a caller. */
  readonly asCaller: (token: string, context: ServerCallContext) => RestClient;
  readonly emit: (event: ExtensionEvent) => void;
}

/** A request whose route is known. */
interface Matched {
  readonly message: ExtensionRestRequest;
  readonly route: Route;
  readonly query: QueryParams;
}

/** Runs the handlers of routes and answers the node, whatever becomes of them. */
export class RouteExecutor {
  readonly #options: ExecutorOptions;

  constructor(options: ExecutorOptions) {
    this.#options = options;
  }

  // hot: extension
  execute(
    message: ExtensionRestRequest,
    context: ServerCallContext,
  ): RestExecuteOnExtensionResponseInit | Promise<RestExecuteOnExtensionResponseInit> {
    const deadline = new RequestDeadline(this.#options.timeoutMs, context.channel.ended);
    let matched: Matched | null = null;
    let result: unknown;
    let isLater = false;
    try {
      const match = this.#match(message);
      if (match.kind !== 'route') return refusal(message, match.kind === 'wrong-method' ? match.allow : []);
      const opaqueId = context.headers['X-Opaque-Id'] ?? null;
      const request = createRequest(message, match, {
        opaqueId,
        asCaller: () => this.#options.asCaller(message.principalIdentifierToken, context),
        signal: () => deadline.signal,
      });
      matched = { message, route: match.route, query: request.query };
      result = match.route.handler(request);
      // In here, because a `then` that is a getter may throw.
      isLater = isThenable(result);
    } catch (error) {
      deadline.done();
      return this.#failed(message, matched?.route ?? null, error);
    }
    if (isLater) return this.#await(matched, deadline, result as PromiseLike<unknown>);
    deadline.done();
    return this.#answer(matched, result);
  }

  #match({ method, uri, path }: ExtensionRestRequest) {
    const { routes, uniqueIds } = this.#options;
    return routes.match(method, pathSegments(uri, path, ownerOf(uri, uniqueIds())));
  }

  async #await(matched: Matched, deadline: RequestDeadline, result: PromiseLike<unknown>): Promise<RestExecuteOnExtensionResponseInit> {
    // Asked once: a lazy thenable runs each time that it is asked.
    const promised = new Promise<unknown>((resolve, reject) => adopt(result, resolve, reject));
    try {
      return this.#answer(matched, await deadline.race(promised));
    } catch (error) {
      const { timeout } = deadline;
      if (timeout === null || error !== timeout) return this.#failed(matched.message, matched.route, error);
      return this.#timedOut(matched, timeout, promised);
    }
  }

  #answer(matched: Matched, result: unknown): RestExecuteOnExtensionResponseInit {
    try {
      return answerMessage(toExtensionResponse(result), this.#consumed(matched));
    } catch (error) {
      return this.#failed(matched.message, matched.route, error);
    }
  }

  /** Every parameter counts as consumed, or with `strictParams` those that the handler has read. */
  #consumed({ message, route, query }: Matched): readonly string[] {
    const names = Object.keys(message.params);
    return (route.strictParams ?? this.#options.strictParams) ? names.filter((name) => query.isConsumed(name)) : names;
  }

  /** An error reaches its client whatever the handler has read: every parameter counts as consumed. */
  #failed(message: ExtensionRestRequest, route: Route | null, error: unknown): RestExecuteOnExtensionResponseInit {
    if (!(error instanceof StatusError)) this.#tellFailure(message, route, error, false);
    return answerMessage(errorResponse(error), Object.keys(message.params));
  }

  /** The client is answered 504. What the handler throws afterwards has no client left: the listeners are all it can reach. */
  #timedOut({ message, route }: Matched, timeout: StatusError, promised: Promise<unknown>): RestExecuteOnExtensionResponseInit {
    const { method, path } = message;
    const { timeoutMs, emit } = this.#options;
    emit({ type: 'handlerTimedOut', method, path, route: route.pattern.path, timeoutMs });
    void this.#awaitLate(message, route, timeout, promised);
    return answerMessage(errorResponse(timeout), Object.keys(message.params));
  }

  async #awaitLate(message: ExtensionRestRequest, route: Route, timeout: StatusError, promised: Promise<unknown>): Promise<void> {
    try {
      await promised;
    } catch (error) {
      if (!isOf(timeout, error)) this.#tellFailure(message, route, error, true);
    }
  }

  #tellFailure({ method, path }: ExtensionRestRequest, route: Route | null, error: unknown, isLate: boolean): void {
    this.#options.emit({ type: 'handlerFailed', method, path, route: route?.pattern.path ?? null, error, isLate });
  }
}

/** Returns the answer to a request without a route, in the words of a node: it is asked for such a request if it has registered generic routes. */
function refusal({ method, uri, params }: ExtensionRestRequest, allow: readonly string[]): RestExecuteOnExtensionResponseInit {
  const { status, headers = {}, body } = noRouteResponse(allow, method, uri);
  const answer = body === null ? text('', { status, headers }) : json(body, { status, headers });
  return answerMessage(answer, Object.keys(params));
}

/** Returns whether a handler threw an error because its signal fired: it did as it was told. Never throws: the error may be a revoked Proxy. */
function isOf(timeout: StatusError, error: unknown): boolean {
  try {
    return error === timeout || (error instanceof Error && error.cause === timeout);
  } catch {
    return false;
  }
}
