import { HTTP_METHODS, type HttpMethod } from '../../protocol/action/extension/node-to-extension.ts';
import { UsageError } from '../../protocol/error/transport-error.ts';
import { parsePath, type PathPattern } from './path-pattern.ts';
import { checkOptions, describe, isBoolean, isListOf, isText, type OptionChecks } from '../../transport/util/check-options.ts';
import type { PathParams } from './path-params.ts';
import type { ExtensionRequest } from './request.ts';
import type { HandlerResult } from './response.ts';

/** Methods a route can have: a node registers TRACE and CONNECT too, and answers them 405 itself. */
export type RouteMethod = Exclude<HttpMethod, 'TRACE' | 'CONNECT'>;

/** Every method a route can have. */
export const ROUTE_METHODS: readonly RouteMethod[] = HTTP_METHODS.filter((method) => method !== 'TRACE' && method !== 'CONNECT');

/** A function that answers the requests of a route. An error it throws is answered in the form of OpenSearch's own errors. */
export type RouteHandler<Path extends string = string> = (
  request: ExtensionRequest<PathParams<Path>>,
) => HandlerResult | Promise<HandlerResult>;

/** Options of a route. */
export interface RouteOptions {
  /**
   * Name under which security plug-ins know the route: letters, digits and `_ : / *`, at most 250 of them, unique on the node.
   * @default made from extension, method and path
   */
  readonly uniqueName?: string;
  /** Names of actions that the route stands for, for plug-ins that know those. Each starts with one of {@link LEGACY_PREFIXES}. @default none */
  readonly legacyNames?: readonly string[];
  /** Whether the node answers 400 to a query with a parameter that the handler has not read when it answers. @default that of the extension */
  readonly strictParams?: boolean;
}

const CHECKS: OptionChecks<RouteOptions> = {
  uniqueName: isText,
  legacyNames: isListOf('an array of strings', isText),
  strictParams: isBoolean,
};

/** A route of an extension. */
export interface Route extends Required<Pick<RouteOptions, 'legacyNames'>> {
  readonly method: RouteMethod;
  readonly pattern: PathPattern;
  /** Null if the name is made from extension, method and path. */
  readonly uniqueName: string | null;
  /** Text that a node logs when the route is used; null if the route is not deprecated. */
  readonly deprecation: string | null;
  /** Null for that of the extension. */
  readonly strictParams: boolean | null;
  readonly handler: RouteHandler;
}

/** Prefixes of action names that every release accepts. @see extensions.md §1.4 */
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
 * Makes a route and checks everything that a node would check, so that a mistake shows where it is made.
 *
 * @throws ERR_USAGE naming the rule
 * @see extensions.md §1.4
 */
export function defineRoute<const Path extends string>(
  method: RouteMethod,
  path: Path,
  handler: RouteHandler<Path>,
  options: RouteOptions = {},
): Route {
  checkOptions(`the route ${String(method)} ${String(path)}`, options, CHECKS);
  const { uniqueName, legacyNames = [], strictParams = null } = options;
  if (uniqueName !== undefined) checkUniqueName(uniqueName);
  for (const name of legacyNames) checkLegacyName(name);
  return {
    ...newRoute(method, path, handler as RouteHandler),
    uniqueName: uniqueName ?? null,
    legacyNames,
    strictParams,
    deprecation: null,
  };
}

/**
 * Makes a route whose use a node logs as deprecated. It has no unique name, and can be registered at any time.
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
    throw new UsageError('ERR_USAGE', {}, `the deprecation message must be printable ASCII and not empty, got '${message}'`);
  return {
    ...newRoute(method, path, handler as RouteHandler),
    uniqueName: null,
    legacyNames: [],
    strictParams: null,
    deprecation: message,
  };
}

function newRoute(method: RouteMethod, path: string, handler: RouteHandler): Pick<Route, 'method' | 'pattern' | 'handler'> {
  if (!HTTP_METHODS.includes(method)) {
    throw new UsageError('ERR_USAGE', {}, `the method must be one of ${ROUTE_METHODS.join(', ')}, got '${String(method)}'`);
  }
  if ((method as HttpMethod) === 'TRACE' || (method as HttpMethod) === 'CONNECT') {
    throw new UsageError('ERR_USAGE', {}, `cannot add a route for ${String(method)}: a node answers it itself, with 405`);
  }
  if (typeof handler !== 'function')
    throw new UsageError('ERR_USAGE', {}, `the handler of ${method} ${path} must be a function, got ${describe(handler)}`);
  return { method, pattern: parsePath(path), handler };
}

function checkUniqueName(name: string): void {
  if (NAME.test(name)) return;
  throw new UsageError('ERR_USAGE', {}, `uniqueName must be 1 to 250 letters, digits and _ : / * (no hyphen, no dot), got '${name}'`);
}

function checkLegacyName(name: string): void {
  if (/[\s,]/.test(name)) throw new UsageError('ERR_USAGE', {}, `legacyNames must not have a space or a comma, got '${name}'`);
  if (LEGACY_PREFIXES.some((prefix) => name.startsWith(prefix))) return;
  throw new UsageError('ERR_USAGE', {}, `legacyNames must start with one of ${LEGACY_PREFIXES.join(', ')}, got '${name}'`);
}
