import type { NodeClient } from './node-client.ts';

/** Every client of a genuine node by name. */
const CLIENTS: Readonly<Record<string, () => Promise<NodeClient>>> = {
  'opensearch-transport': async () => (await import('./native-client.ts')).nativeClient,
  'rest-client': async () => (await import('./rest-client.ts')).restClient,
  'extension-route': async () => (await import('./http-routes.ts')).extensionRoute,
  'own-route': async () => (await import('./http-routes.ts')).ownRoute,
};

/** Names of all clients, the control first. */
export const nodeClientNames: readonly string[] = Object.keys(CLIENTS);

/** Loads a client. @throws when there is none of that name */
export function findNodeClient(name: string): Promise<NodeClient> {
  const load = CLIENTS[name];
  if (load === undefined) throw new Error(`no node client '${name}'; there are ${nodeClientNames.join(', ')}`);
  return load();
}
