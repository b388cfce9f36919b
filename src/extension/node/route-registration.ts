import type { InOf } from '../../protocol/codec/codec.ts';
import { registerRestActions, type registerRestActionsRequest } from '../../protocol/action/extension/extension-to-node.ts';
import { TransportError, UsageError } from '../../protocol/error/transport-error.ts';
import type { Route } from '../rest/route.ts';
import type { RouteTable } from '../rest/route-table.ts';
import { makeUniqueName } from '../rest/unique-name.ts';
import type { RegistrationStep } from './registration.ts';

/** Returns the step that registers the routes of a table; it does nothing if there are none. */
export function registerRoutes(table: RouteTable): RegistrationStep {
  return async ({ channel, uniqueId }, signal) => {
    if (table.routes.length === 0) return;
    const { status } = await channel.call(registerRestActions, registrationOf(table.routes, uniqueId), { signal });
    if (!status) throw new TransportError('ERR_REMOTE', {}, 'the node did not acknowledge the routes');
  };
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
export function registrationOf(routes: readonly Route[], uniqueId: string): InOf<typeof registerRestActionsRequest> {
  const named = routes.filter(({ deprecation }) => deprecation === null);
  const taken = givenNames(named);
  return {
    uniqueId,
    restActions: named.map((route) => routeText(route, route.uniqueName ?? makeUniqueName(route, uniqueId, taken))),
    deprecatedRestActions: routes.flatMap((route) => (route.deprecation === null ? [] : [target(route), route.deprecation])),
  };
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

function target({ method, pattern }: Route): string {
  return `${method} ${pattern.path}`;
}
