import type { InOf } from '../../protocol/codec/codec.ts';
import { registerRestActions, type registerRestActionsRequest } from '../../protocol/action/extension/extension-to-node.ts';
import { TransportError, UsageError } from '../../protocol/error/transport-error.ts';
import { genericRoutes, withGenericNames } from '../rest/generic-routes.ts';
import type { PathPattern } from '../rest/path-pattern.ts';
import type { Route, RouteMethod } from '../rest/route.ts';
import type { RouteTable } from '../rest/route-table.ts';
import { makeUniqueName } from '../rest/unique-name.ts';
import type { HostNode } from './host-node.ts';
import type { RegistrationStep } from './registration.ts';

/** Milliseconds in which a node acknowledges a deprecated route. */
const DEPRECATED_MS = 30_000;

type Message = InOf<typeof registerRestActionsRequest>;

/** Registers the routes of a table with nodes: all of them in one message, and deprecated routes that are added later each in its own. */
export class RouteRegistration {
  readonly #table: RouteTable;
  readonly #isGeneric: boolean;
  /** Nodes that were sent the routes of the table. */
  readonly #told = new WeakSet<HostNode>();

  /** @param isGeneric whether nodes register generic routes in place of those of the table */
  constructor(table: RouteTable, isGeneric: boolean) {
    this.#table = table;
    this.#isGeneric = isGeneric;
  }

  /** The step that registers the routes; it sends nothing if there are none. */
  readonly step: RegistrationStep = async (node, signal) => {
    this.#told.add(node);
    const { routes } = this.#table;
    if (this.#isGeneric) await send(node, genericRegistrationOf(routes, node.uniqueId), signal);
    else if (routes.length > 0) await send(node, registrationOf(routes, node.uniqueId), signal);
  };

  /** Returns whether a deprecated route that was added to the table must be sent to a node; otherwise it goes with the others. */
  needs(node: HostNode): boolean {
    return this.#told.has(node);
  }

  /** Sends a deprecated route to a node that was sent the others. @throws TransportError if the node refuses it */
  async addDeprecated(node: HostNode, route: Route): Promise<void> {
    await send(node, deprecatedRegistrationOf(route, node.uniqueId, this.#isGeneric), AbortSignal.timeout(DEPRECATED_MS));
  }
}

async function send({ channel }: HostNode, message: Message, signal: AbortSignal): Promise<void> {
  const { status } = await channel.call(registerRestActions, message, { signal });
  if (!status) throw new TransportError('ERR_REMOTE', {}, 'the node did not acknowledge the routes');
}

/**
 * Returns the message that registers routes with a node. All of them belong in one message: a node takes routes of an extension once, and what stands before a bad
 * one is lost to it.
 *
 * @param routes of one {@link RouteTable}, so that they do not contradict each other
 * @param uniqueId of the extension, from its node
 * @throws ERR_USAGE when two routes have the same name
 * @see extensions.md §1.4
 */
export function registrationOf(routes: readonly Route[], uniqueId: string): Message {
  const named = routes.filter(({ deprecation }) => deprecation === null);
  const taken = givenNames(named);
  return {
    uniqueId,
    restActions: named.map((route) => routeText(route, route.uniqueName ?? makeUniqueName(route, uniqueId, taken))),
    deprecatedRestActions: deprecatedOf(routes, asItIs),
  };
}

/**
 * Returns the message that registers generic routes with a node, and the deprecated routes among some others: the node logs those by their own paths.
 *
 * @param uniqueId of the extension, from its node
 * @see extensions.md §1.4
 */
export function genericRegistrationOf(routes: readonly Route[], uniqueId: string): Message {
  const taken = new Set<string>();
  return {
    uniqueId,
    restActions: genericRoutes().map((route) => `${target(route)} ${makeUniqueName(route, uniqueId, taken)}`),
    deprecatedRestActions: deprecatedOf(routes, withGenericNames),
  };
}

/**
 * Returns the message that registers a deprecated route with a node that has registered the others.
 *
 * @param isGeneric whether the others are generic routes
 */
export function deprecatedRegistrationOf(route: Route, uniqueId: string, isGeneric: boolean): Message {
  return { uniqueId, restActions: [], deprecatedRestActions: deprecatedOf([route], isGeneric ? withGenericNames : asItIs) };
}

const asItIs = (pattern: PathPattern): PathPattern => pattern;

/** Pairs of route and message. */
function deprecatedOf(routes: readonly Route[], told: (pattern: PathPattern) => PathPattern): string[] {
  return routes.flatMap(({ method, pattern, deprecation }) =>
    deprecation === null ? [] : [target({ method, pattern: told(pattern) }), deprecation],
  );
}

function givenNames(routes: readonly Route[]): Set<string> {
  const taken = new Set<string>();
  for (const route of routes) {
    for (const name of [...(route.uniqueName === null ? [] : [route.uniqueName]), ...route.legacyNames]) {
      if (taken.has(name))
        throw new UsageError('ERR_USAGE', {}, `route names must be unique: '${name}' is used twice, the second time by ${target(route)}`);
      taken.add(name);
    }
  }
  return taken;
}

/** `METHOD /path uniqueName[ legacy1,legacy2]` */
function routeText(route: Route, uniqueName: string): string {
  const names = route.legacyNames.length === 0 ? '' : ` ${route.legacyNames.join(',')}`;
  return `${target(route)} ${uniqueName}${names}`;
}

function target({ method, pattern }: { readonly method: RouteMethod; readonly pattern: PathPattern }): string {
  return `${method} ${pattern.path}`;
}
