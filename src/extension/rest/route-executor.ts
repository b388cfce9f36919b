import type { ExtensionRestRequest, RestExecuteOnExtensionResponseInit } from '../../protocol/action/extension/node-to-extension.ts';
import { shortened } from '../../protocol/error/shortened.ts';
import { StatusError } from '../../protocol/error/status-error.ts';
import type { ServerCallContext } from '../../transport/call/server-context.ts';
import { adopt, isThenable } from '../../transport/util/user-code.ts';
import { errorResponse } from './error-response.ts';
import type { ExtensionEvent } from '../extension-options.ts';
import { createRequest } from './request.ts';
import { RequestDeadline } from './request-deadline.ts';
import { ownerOf, pathSegments } from './request-path.ts';
import { answerMessage, type ExtensionResponse, toExtensionResponse } from './response.ts';
import type { Route } from './route.ts';
import type { RouteTable } from './route-table.ts';

/** What the execution of requests needs of its extension. */
export interface ExecutorOptions {
  readonly routes: RouteTable;
  /** Time for a handler, in milliseconds. */
  readonly timeoutMs: number;
  /** The unique ids under which nodes know the extension. */
  readonly uniqueIds: () => Iterable<string>;
  readonly emit: (event: ExtensionEvent) => void;
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
    let route: Route | null = null;
    let result: unknown;
    let isLater = false;
    try {
      const match = this.#match(message);
      route = match.route;
      const opaqueId = context.headers['X-Opaque-Id'] ?? null;
      result = route.handler(createRequest(message, match, { opaqueId, signal: () => deadline.signal }));
      // In here, because a `then` that is a getter may throw.
      isLater = isThenable(result);
    } catch (error) {
      deadline.done();
      return answerMessage(this.#failed(message, route, error), message);
    }
    if (isLater) return this.#await(message, route, deadline, result as PromiseLike<unknown>);
    deadline.done();
    return answerMessage(this.#answer(message, route, result), message);
  }

  /** @throws StatusError 404, or 405 with the methods that are allowed */
  #match(message: ExtensionRestRequest) {
    const { routes, uniqueIds } = this.#options;
    const match = routes.match(message.method, pathSegments(message.uri, message.path, ownerOf(message.uri, uniqueIds())));
    if (match.kind === 'route') return match;
    if (match.kind === 'wrong-method') {
      const reason = `${message.method} is not allowed for ${shortened(message.path)}, allowed: ${match.allow.join(', ')}`;
      throw new StatusError(405, 'method_not_allowed_exception', reason, { headers: { Allow: [match.allow.join(', ')] } });
    }
    throw new StatusError(404, 'resource_not_found_exception', `no route for ${message.method} ${shortened(message.path)}`);
  }

  async #await(message: ExtensionRestRequest, route: Route, deadline: RequestDeadline, result: PromiseLike<unknown>) {
    // Asked once: a lazy thenable runs each time that it is asked.
    const promised = new Promise<unknown>((resolve, reject) => adopt(result, resolve, reject));
    let answer: ExtensionResponse;
    try {
      answer = this.#answer(message, route, await deadline.race(promised));
    } catch (error) {
      const { timeout } = deadline;
      answer =
        timeout !== null && error === timeout ? this.#timedOut(message, route, timeout, promised) : this.#failed(message, route, error);
    }
    return answerMessage(answer, message);
  }

  #answer(message: ExtensionRestRequest, route: Route, result: unknown): ExtensionResponse {
    try {
      return toExtensionResponse(result);
    } catch (error) {
      return this.#failed(message, route, error);
    }
  }

  #failed(message: ExtensionRestRequest, route: Route | null, error: unknown): ExtensionResponse {
    if (!(error instanceof StatusError)) this.#tellFailure(message, route, error, false);
    return errorResponse(error);
  }

  /** The client is answered 504. What the handler throws afterwards has no client left: the listeners are all it can reach. */
  #timedOut(message: ExtensionRestRequest, route: Route, timeout: StatusError, promised: Promise<unknown>): ExtensionResponse {
    const { method, path } = message;
    const { timeoutMs, emit } = this.#options;
    emit({ type: 'handlerTimedOut', method, path, route: route.pattern.path, timeoutMs });
    void this.#awaitLate(message, route, timeout, promised);
    return errorResponse(timeout);
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

/** Returns whether a handler threw an error because its signal fired: it did as it was told. Never throws: the error may be a revoked Proxy. */
function isOf(timeout: StatusError, error: unknown): boolean {
  try {
    return error === timeout || (error instanceof Error && error.cause === timeout);
  } catch {
    return false;
  }
}
