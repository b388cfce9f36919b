import { closestName } from '../action/closest-name.ts';
import type { AnyAction, RequestOf, ResponseOf } from '../action/define-action.ts';
import type { Json } from './json.ts';
import type { QueryParameters } from './query-parameters.ts';
import { illegalArgument } from './refusals.ts';

/** Methods of REST. */
export type RestMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'OPTIONS';

/** One way to reach an action. */
export interface RestRoute {
  readonly method: RestMethod;
  /** Literal parts and parameters in braces: `/{index}/_doc/{id}`. */
  readonly path: string;
}

/** A request that has been routed. */
export interface RestRequest {
  readonly method: RestMethod;
  /** Path as it was sent, without the query. */
  readonly path: string;
  /** What stood in the place of the braces, unescaped. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: QueryParameters;
  /** @memory borrowed: requests made from it hold views */
  readonly body: Uint8Array | null;
  /** The `Content-Type` header, null without one. */
  readonly contentType: string | null;
}

/** What REST answers. */
export interface RestResponse {
  /** HTTP status. */
  readonly status: number;
  /** Headers besides those of the body. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Null for none, as to HEAD. */
  readonly body: Json | null;
}

/** An action as REST shows it. */
export interface RestAction<A extends AnyAction = AnyAction> {
  readonly action: A;
  readonly routes: readonly RestRoute[];
  /** Paths into the JSON of a node (`version.lucene_version`) that are not on the wire and so not in ours. */
  readonly restOnlyFields: readonly string[];
  /** @throws StatusError 400 and 406 for what a node would refuse with them; ERR_USAGE for what only our side cannot do */
  readonly toRequest: (request: RestRequest) => RequestOf<A>;
  /** @param request the same request: some of its parameters shape the answer */
  readonly toResponse: (response: ResponseOf<A>, request: RestRequest) => RestResponse;
}

/** Some action as REST shows it. */
export interface AnyRestAction extends Omit<RestAction, 'toRequest' | 'toResponse'> {
  readonly toRequest: (request: RestRequest) => unknown;
  readonly toResponse: (response: never, request: RestRequest) => RestResponse;
}

/** A {@link RestAction} as it is defined. */
export interface RestActionDefinition<A extends AnyAction> {
  readonly action: A;
  readonly routes: readonly RestRoute[];
  /** @default none */
  readonly restOnlyFields?: readonly string[];
  /** Parameters that only shape the answer. @default none */
  readonly responseParameters?: readonly string[];
  readonly toRequest: (request: RestRequest) => RequestOf<A>;
  readonly toResponse: (response: ResponseOf<A>, request: RestRequest) => RestResponse;
}

/** Parameters of every request: how the answer is written is the business of whoever writes it. */
const COMMON_PARAMETERS = ['error_trace', 'filter_path', 'format', 'human', 'pretty'];

/**
 * Defines an action as REST shows it. Parameters that `toRequest` does not read are refused, and HEAD has no body.
 */
export function defineRestAction<A extends AnyAction>(definition: RestActionDefinition<A>): RestAction<A> {
  const { action, routes, restOnlyFields = [], responseParameters = [], toRequest, toResponse } = definition;
  return {
    action,
    routes,
    restOnlyFields,
    toRequest: (request) => {
      const made = toRequest(request);
      refuseUnread(request, [...COMMON_PARAMETERS, ...responseParameters]);
      return made;
    },
    toResponse: (response, request) => {
      const made = toResponse(response, request);
      return request.method === 'HEAD' ? { ...made, body: null } : made;
    },
  };
}

function refuseUnread({ path, params, query }: RestRequest, known: readonly string[]): void {
  const unread = query.unread.filter((name) => !known.includes(name));
  if (unread.length === 0) return;
  const candidates = [...query.asked, ...known, ...Object.keys(params)];
  const each = unread.map((name) => {
    const near = closestName(name, candidates);
    return near === undefined ? `[${name}]` : `[${name}] -> did you mean [${near}]?`;
  });
  throw illegalArgument(`request [${path}] contains unrecognized parameter${unread.length > 1 ? 's' : ''}: ${each.join(', ')}`);
}
