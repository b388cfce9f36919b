import { closestName } from '../error/closest-name.ts';
import type { AnyAction, RequestOf, ResponseOf } from '../action/define-action.ts';
import { contentTypeOf } from './body.ts';
import type { Json } from './json.ts';
import { optional, type Parameters, readParameters, type ValuesOf } from './parameters.ts';
import { flag } from './parameter-types.ts';
import { illegalArgument } from './refusals.ts';
import type { RestMethod, RestRequest, RestResponse } from './rest-message.ts';

/** The parts of a REST form besides its routes and parameters. */
interface RestTable {
  /** What it does, in one sentence without its full stop. */
  readonly summary: string;
  /** Why a node refuses a parameter that earlier releases had, by name. */
  readonly removed: Readonly<Record<string, string>>;
  /** What the body holds, null for an action without one. */
  readonly body: string | null;
  /** Paths into the JSON of a node (`version.lucene_version`) that are not on the wire and so not in ours. */
  readonly restOnlyFields: readonly string[];
}

/** The REST form of an action: how REST asks for it, and what REST answers. Documentation, completion and routes are made from it. */
export interface RestAction extends RestTable {
  readonly action: AnyAction;
  /** Paths have parameters in braces: `/{index}/_doc/{id}`. */
  readonly routes: readonly { readonly method: RestMethod; readonly path: string }[];
  /** Parameters of path and query by name, without those of every request. */
  readonly parameters: Parameters;
  /** @throws StatusError 400 and 406 for what a node refuses with them; ERR_USAGE for what only this package cannot do */
  readonly toRequest: (request: RestRequest) => unknown;
  /** @param request the same request: some of its parameters shape the answer */
  readonly toResponse: (response: never, request: RestRequest) => RestResponse;
}

/** The parts of a request that shape its answer. `human` asks for times and percentages as text, too. */
interface AnswerContext<P extends Parameters> {
  readonly values: ValuesOf<P>;
  readonly human: boolean;
}

/** A {@link RestAction} as it is defined; the summary is that of the action unless it is given. */
export interface RestActionDefinition<A extends AnyAction, P extends Parameters> extends Partial<RestTable> {
  readonly action: A;
  readonly routes: readonly `${RestMethod} /${string}`[];
  readonly parameters?: P;
  readonly response: {
    /** @default 200 */
    readonly status?: (response: ResponseOf<A>) => number;
    /** Headers besides those of the body. */
    readonly headers?: (response: ResponseOf<A>, context: AnswerContext<P>) => Readonly<Record<string, string>>;
    readonly body: (response: ResponseOf<A>, context: AnswerContext<P>) => Json;
  };
}

/** Makes the request of an action from the values of its parameters; may be left out where the values are the request. */
export type RequestMaker<A extends AnyAction, P extends Parameters> =
  ValuesOf<P> extends RequestOf<A>
    ? { readonly request?: (values: ValuesOf<P>, request: RestRequest) => RequestOf<A> }
    : { readonly request: (values: ValuesOf<P>, request: RestRequest) => RequestOf<A> };

/** Parameters of every request: they say how the answer is written. */
const COMMON_PARAMETERS = ['error_trace', 'filter_path', 'format', 'human', 'pretty'];

/** Defines the REST form of an action. Parameters that its table does not have are refused, and the answer to HEAD has no body. */
export function defineRestAction<A extends AnyAction, const P extends Parameters = {}>(
  definition: RestActionDefinition<A, P> & RequestMaker<A, P>,
): RestAction {
  const { action, summary = action.summary, removed = {}, body = null, restOnlyFields = [], response } = definition;
  const { parameters = {} as P, request: makeRequest = (values: ValuesOf<P>) => values } = definition;
  const known = [...Object.keys(parameters), ...Object.keys(removed), ...COMMON_PARAMETERS];
  const table = { action, summary, parameters, removed, body, restOnlyFields };
  return {
    ...table,
    routes: definition.routes.map((route) => {
      const [method, path = ''] = route.split(' ');
      return { method: method as RestMethod, path };
    }),
    toRequest: (request) => {
      // A node looks at the content type before it calls the handler that reads parameters.
      if (request.body !== null && request.body.length > 0) contentTypeOf(request);
      for (const [name, why] of Object.entries(removed)) if (request.query.has(name)) throw illegalArgument(why);
      const made = makeRequest(readParameters(parameters, request), request);
      refuseUnknown(request, known);
      return made;
    },
    toResponse: (value, request) => {
      const context = { values: readParameters(parameters, request), human: optional(request, flag, 'human') ?? false };
      return {
        status: response.status?.(value) ?? 200,
        ...(response.headers === undefined ? {} : { headers: response.headers(value, context) }),
        body: request.method === 'HEAD' ? null : response.body(value, context),
      };
    },
  };
}

function refuseUnknown({ path, query }: RestRequest, known: readonly string[]): void {
  const unknown = [...query.keys()].filter((name) => !known.includes(name)).sort();
  if (unknown.length === 0) return;
  const each = unknown.map((name) => {
    const near = closestName(name, known);
    return near === undefined ? `[${name}]` : `[${name}] -> did you mean [${near}]?`;
  });
  throw illegalArgument(`request [${path}] contains unrecognized parameter${unknown.length > 1 ? 's' : ''}: ${each.join(', ')}`);
}
