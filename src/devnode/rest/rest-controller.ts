import type { HttpMethod } from '../../protocol/action/extension/node-to-extension.ts';
import { StatusError } from '../../protocol/error/status-error.ts';
import { errorResponse } from '../../protocol/rest/error-json.ts';
import type { Json } from '../../protocol/rest/json.ts';
import { type PathPart, PathTrie, partsOf } from '../../protocol/rest/path-trie.ts';
import { illegalArgument } from '../../protocol/rest/refusals.ts';
import { adopt, isThenable } from '../../transport/util/user-code.ts';
import { AnswerForm, type WrittenAnswer } from './answer-form.ts';
import { contentTypeOf } from './media-types.ts';
import { decodeComponent, queryParameters } from './query-string.ts';
import { RestAnswer } from './rest-answer.ts';
import type { RestHandler, RestHandlerOptions, RestResult } from './rest-handler.ts';
import { type IncomingRequest, RestRequest } from './rest-request.ts';
import { unrecognizedParameters } from './unrecognized.ts';

interface Route {
  readonly handler: RestHandler;
  readonly responseParams: readonly string[];
}

/** The routes of one path. */
interface PathRoutes {
  /** Names of the path parameters, in order. */
  readonly names: readonly string[];
  readonly byMethod: Map<HttpMethod, Route>;
}

/** Parameters of every request. */
const TRACE_PARAM = 'error_trace';

/**
 * Finds the handler of a request, as OpenSearch's own `RestController` does, and answers whatever becomes of it: no handler, a wrong method, a content
 * type that is not read, parameters nobody reads, a handler that throws.
 *
 * @example
 * controller.register('GET', '/_hello/{name}', (request) => ({ hello: request.param('name') ?? '' }));
 */
export class RestController {
  readonly #paths = new PathTrie<PathRoutes>();

  /**
   * Registers the handler of a method and a path, such as `/_hello/{name}`.
   *
   * @throws StatusError 400 in a node's words: for a method that the path has already, and for two names of the parameter in one place
   */
  register(method: HttpMethod, path: string, handler: RestHandler, { responseParams = [] }: RestHandlerOptions = {}): this {
    const parts = partsOf(path).map((text): PathPart => (/^\{.*\}$/.test(text) ? { param: text.slice(1, -1) } : { literal: text }));
    const names = parts.flatMap((part) => ('param' in part ? [part.param] : []));
    const conflict = (name: string, present: string): StatusError =>
      illegalArgument(`Trying to use conflicting wildcard names for same path: ${present} and ${name}`);
    const { byMethod } = this.#paths.at(parts, () => ({ names, byMethod: new Map() }), conflict);
    if (byMethod.has(method)) throw illegalArgument(`Cannot replace existing handler for [${path}] for method: ${method}`);
    byMethod.set(method, { handler, responseParams });
    return this;
  }

  /** Answers a request. Never rejects. */
  async dispatch(incoming: IncomingRequest): Promise<WrittenAnswer> {
    const { request, form, refusal } = understood(incoming);
    try {
      return await form.write(refusal === null ? await this.#answer(request) : refusal);
    } catch (error) {
      return form.write(failed(error));
    }
  }

  async #answer(request: RestRequest): Promise<RestAnswer> {
    try {
      const refusal = repeatedOpaqueId(request);
      if (refusal !== null) return refusal;
      request.flag(TRACE_PARAM);
      const found = this.#find(request);
      return found instanceof RestAnswer ? found : await handled(found, request);
    } catch (error) {
      return failed(error);
    }
  }

  /** Returns the route of a request, with its path parameters set, or the answer to a request without one. */
  #find(request: RestRequest): Route | RestAnswer {
    const { method, rawPath, uri } = request;
    const matches = this.#paths.matches(partsOf(rawPath));
    const allowed = [...new Set(matches.flatMap(({ value }) => [...value.byMethod.keys()]))];
    for (const { value, texts } of matches) {
      const params: [string, string][] = [];
      try {
        for (const [at, name] of value.names.entries()) params.push([name, decodeComponent(texts[at] ?? '')]);
      } catch {
        return wrongMethod('Unexpected HTTP method', allowed);
      }
      request.withPathParams(Object.fromEntries(params));
      const route = value.byMethod.get(method);
      if (route !== undefined) return route;
    }
    if (method === 'OPTIONS') return RestAnswer.bytes({ headers: allowHeader(allowed) });
    if (allowed.length > 0) return wrongMethod(`Incorrect HTTP method for uri [${uri}] and method [${method}]`, allowed);
    return noHandler(rawPath, method);
  }
}

/** What is known about a request before its handler is looked for. */
interface Understood {
  readonly request: RestRequest;
  readonly form: AnswerForm;
  /** The answer to a request that cannot be read; null if it can. */
  readonly refusal: RestAnswer | null;
}

/** Reads query and content type. What is wrong with one of them is left out of the request, and its answer says so. */
function understood(incoming: IncomingRequest): Understood {
  let refusal: RestAnswer | null = null;
  const attempt = <T>(read: () => T, instead: () => T): T => {
    try {
      return read();
    } catch (error) {
      refusal ??= failed(error);
      return instead();
    }
  };
  const query = attempt(
    () => queryOf(incoming.uri),
    () => new Map<string, string>(),
  );
  const bare = new RestRequest(incoming, query, null);
  const mediaType = attempt(
    () => contentTypeOf(bare.header('Content-Type')),
    () => null,
  );
  const request = new RestRequest(incoming, query, mediaType);
  const form = attempt(
    () => new AnswerForm(request),
    () => new AnswerForm(new RestRequest(incoming, new Map(), mediaType)),
  );
  return { request, form, refusal };
}

/** Reads the query. A node shows the class of what is wrong within the reason. */
function queryOf(uri: string): Map<string, string> {
  try {
    return queryParameters(uri);
  } catch (cause) {
    const reason = `java.lang.IllegalArgumentException: ${(cause as Error).message}`;
    throw new StatusError(400, 'bad_parameter_exception', reason, { cause });
  }
}

async function handled({ handler, responseParams }: Route, request: RestRequest): Promise<RestAnswer> {
  if (request.content.length > 0 && request.mediaType === null) return notAcceptable(request);
  const step = await settled(handler(request));
  const unread = request.unconsumedParams.filter((name) => !responseParams.includes(name));
  if (unread.length > 0) throw unrecognizedParameters(request.path, unread, new Set([...request.consumedParams, ...responseParams]));
  return toAnswer(typeof step === 'function' ? await settled(step()) : step);
}

/** Returns what a handler promised. A thenable of its own is asked once. */
async function settled<T>(result: T | Promise<T>): Promise<T> {
  if (!isThenable(result)) return result as T;
  return new Promise<T>((resolve, reject) => adopt(result, resolve as (value: unknown) => void, reject));
}

function toAnswer(result: RestResult): RestAnswer {
  return result instanceof RestAnswer ? result : RestAnswer.json(result);
}

/** Returns the answer to an error, as a node words it. */
function failed(error: unknown): RestAnswer {
  return RestAnswer.from(errorResponse(error), false);
}

function simpleError(status: number, error: string, headers: Readonly<Record<string, string>> = {}): RestAnswer {
  return RestAnswer.json({ error, status } satisfies Json, { status, headers, isFiltered: false });
}

function repeatedOpaqueId(request: RestRequest): RestAnswer | null {
  const values = new Set(request.header('X-Opaque-Id'));
  return values.size > 1 ? simpleError(400, 'multiple values for single-valued header [X-Opaque-Id].') : null;
}

function notAcceptable(request: RestRequest): RestAnswer {
  return simpleError(406, `Content-Type header [${request.header('Content-Type').join(',')}] is not supported`);
}

function wrongMethod(what: string, allowed: readonly HttpMethod[]): RestAnswer {
  return simpleError(405, `${what}, allowed: [${allowed.join(', ')}]`, allowHeader(allowed));
}

function allowHeader(allowed: readonly HttpMethod[]): Record<string, string> {
  return allowed.length === 0 ? {} : { Allow: allowed.join(',') };
}

/** What Java's `URI` refuses; a node then does not repeat the path. */
const NOT_IN_A_URI = /[\s"<>\\^`{|}]|%(?![0-9a-fA-F]{2})/;

function noHandler(rawPath: string, method: HttpMethod): RestAnswer {
  const error = NOT_IN_A_URI.test(rawPath)
    ? 'invalid uri has been requested'
    : `no handler found for uri [${decodeComponent(rawPath)}] and method [${method}]`;
  return RestAnswer.json({ error }, { status: 400, isFiltered: false });
}
