import { type ExtensionRestRequest, type HttpMethod } from '../../protocol/action/extension/node-to-extension.ts';
import { restStatusOf } from '../../protocol/codec/rest-status.ts';
import { PathTrie } from '../../protocol/rest/path-trie.ts';
import type { RestMethod } from '../../protocol/rest/rest-message.ts';
import { noRouteResponse } from '../../protocol/rest/router.ts';
import { UsageError } from '../../protocol/error/transport-error.ts';
import { parsePath } from '../rest/path-pattern.ts';
import { pathSegments } from '../rest/request-path.ts';
import { type ExtensionResponse, response } from '../rest/response.ts';

/** What the routes of a worker say about a request. */
export type Served =
  /** The parameters of its path, as a node decodes them. */
  | { readonly params: Readonly<Record<string, string>>; readonly answer?: undefined }
  /** What a node answers to a request without a route. */
  | { readonly answer: ExtensionResponse; readonly params?: undefined };

/** A route of a worker. */
export interface ServedRoute {
  readonly method: string;
  /** For example `/hello/{name}`. */
  readonly path: string;
}

/**
 * The routes that a worker registered. Nodes see generic routes only, so the supervisor decides as a node would which requests have a route.
 *
 * @see extensions.md §1.4
 */
export class ServedRoutes {
  /** Every route, in the order in which the worker added them, deprecated ones last. */
  readonly list: ServedRoute[] = [];
  readonly #paths = new PathTrie<Map<string, readonly string[]>>(true);

  /**
   * @param routes `METHOD /path name[ legacy names]`
   * @param deprecated pairs of `METHOD /path` and a message
   * @throws ERR_USAGE for a path that a node would refuse
   */
  constructor(routes: readonly string[], deprecated: readonly string[]) {
    for (const route of routes) this.#add(route);
    for (let at = 0; at + 1 < deprecated.length; at += 2) this.#add(deprecated[at] as string);
  }

  #add(route: string): void {
    const [method = '', path = ''] = route.split(' ');
    const { segments, params } = parsePath(path);
    this.list.push({ method, path });
    const conflict = (name: string, present: string): Error =>
      new UsageError('ERR_USAGE', {}, `route ${method} ${path} has {${name}} where another route has {${present}}`);
    this.#paths.at(segments, () => new Map(), conflict).set(method, params);
  }

  /** Finds the route of a request. */
  find({ method, uri, path }: ExtensionRestRequest, uniqueId: string): Served {
    const matches = this.#paths.matches(pathSegments(uri, path, uniqueId));
    for (const { value, texts } of matches) {
      const names = value.get(method);
      if (names !== undefined) return { params: Object.fromEntries(names.map((name, at) => [name, decoded(texts[at] ?? '')])) };
    }
    return { answer: refusal(method, uri, [...new Set(matches.flatMap(({ value }) => [...value.keys()]))].sort()) };
  }
}

function refusal(method: HttpMethod, uri: string, allowed: readonly string[]): ExtensionResponse {
  const { status, body, headers = {} } = noRouteResponse(allowed as readonly RestMethod[], method as RestMethod, uri);
  const isEmpty = body === null || body === undefined;
  return response({
    status: restStatusOf(status) === undefined ? 400 : status,
    headers,
    body: isEmpty ? '' : JSON.stringify(body),
    contentType: isEmpty ? 'text/plain; charset=UTF-8' : 'application/json; charset=UTF-8',
  });
}

/** As the worker gets it from a node; what a node would refuse stays encoded, and the worker refuses it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
