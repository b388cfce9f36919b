import { HTTP_METHODS, type HttpMethod } from '../protocol/action/extension/node-to-extension.ts';
import { UsageError } from '../protocol/error/transport-error.ts';
import { parsePath, type PathPattern } from './path-pattern.ts';
import type { PathParams } from './path-params.ts';
import type { ExtensionRequest } from './request.ts';
import type { HandlerResult } from './response.ts';

/** Methods a route can have: a node registers TRACE and CONNECT too, and answers them 405 itself. */
export type RouteMethod = Exclude<HttpMethod, 'TRACE' | 'CONNECT'>;

/** Answers the requests of a route. What it throws becomes an error as OpenSearch prints it. */
export type RouteHandler<Path extends string = string> = (
  request: ExtensionRequest<PathParams<Path>>,
) => HandlerResult | Promise<HandlerResult>;

/** What a route may have besides method, path and handler. */
export interface RouteOptions {
  /**
   * Name under which security plug-ins know the route: letters, digits and `_ : / *`, at most 250 of them, unique on the node.
   * @default made from extension, method and path
   */
  readonly uniqueName?: string;
  /** Names of actions it stands for, for plug-ins that know those: each starts with one of {@link LEGACY_PREFIXES}. @default none */
  readonly legacyNames?: readonly string[];
}

/** A route of an extension. */
export interface Route extends Required<Pick<RouteOptions, 'legacyNames'>> {
  readonly method: RouteMethod;
  readonly pattern: PathPattern;
  /** Null for one made from extension, method and path. */
  readonly uniqueName: string | null;
  /** What a node logs when the route is used; null for one that is not deprecated. */
  readonly deprecation: string | null;
  readonly handler: RouteHandler;
}

/** What action names of a route must start with, on every release. @see extensions.md §1.4 */
const LEGACY_PREFIXES = [
  'cluster:admin',
  'cluster:monitor',
  'cluster:internal',
  'indices:admin',
  'indices:data/read',
  'indices:data/write',
  'indices:monitor',
  'indices:internal',
  'internal:',
] as const;

const NAME = /^[A-Za-z0-9_:/*]{1,250}$/;
const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;

/**
 * A route with everything checked that a node would check, so that a mistake shows where it is made.
 *
 * @throws ERR_USAGE naming the rule
 * @see extensions.md §1.4
 */
export function defineRoute<const Path extends string>(
  method: RouteMethod,
  path: Path,
  handler: RouteHandler<Path>,
  { uniqueName, legacyNames = [] }: RouteOptions = {},
): Route {
  if (uniqueName !== undefined) checkUniqueName(uniqueName);
  for (const name of legacyNames) checkLegacyName(name);
  return {
    ...newRoute(method, path, handler as RouteHandler),
    uniqueName: uniqueName ?? null,
    legacyNames,
    deprecation: null,
  };
}

/**
 * A route whose use a node logs as deprecated. It has no unique name, and can be registered at any time.
 *
 * @param message printable ASCII, not empty
 * @throws ERR_USAGE naming the rule
 */
export function defineDeprecatedRoute<const Path extends string>(
  method: RouteMethod,
  path: Path,
  message: string,
  handler: RouteHandler<Path>,
): Route {
  if (!PRINTABLE_ASCII.test(message))
    throw new UsageError('ERR_USAGE', {}, `deprecation message '${message}' is not printable ASCII, or empty`);
  return { ...newRoute(method, path, handler as RouteHandler), uniqueName: null, legacyNames: [], deprecation: message };
}

function newRoute(method: RouteMethod, path: string, handler: RouteHandler): Pick<Route, 'method' | 'pattern' | 'handler'> {
  if (!HTTP_METHODS.includes(method)) {
    throw new UsageError('ERR_USAGE', {}, `'${String(method)}' is no HTTP method, expected ${HTTP_METHODS.slice(0, 7).join(', ')}`);
  }
  if ((method as HttpMethod) === 'TRACE' || (method as HttpMethod) === 'CONNECT') {
    throw new UsageError('ERR_USAGE', {}, `a node answers ${String(method)} itself, with 405`);
  }
  if (typeof handler !== 'function') throw new UsageError('ERR_USAGE', {}, `the handler of ${method} ${path} is no function`);
  return { method, pattern: parsePath(path), handler };
}

function checkUniqueName(name: string): void {
  if (NAME.test(name)) return;
  throw new UsageError('ERR_USAGE', {}, `unique name '${name}' is not 1 to 250 letters, digits and _ : / * (no hyphen, no dot)`);
}

function checkLegacyName(name: string): void {
  if (/[\s,]/.test(name)) throw new UsageError('ERR_USAGE', {}, `action name '${name}' holds a space or a comma`);
  if (LEGACY_PREFIXES.some((prefix) => name.startsWith(prefix))) return;
  throw new UsageError('ERR_USAGE', {}, `action name '${name}' does not start with one of ${LEGACY_PREFIXES.join(', ')}`);
}
