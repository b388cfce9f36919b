import type { NodeClient } from './node-client.ts';

/** Every client of a genuine node by name. */
const CLIENTS: Readonly<Record<string, () => Promise<NodeClient>>> = {
  'opensearch-transport': async () => (await import('./native-client.ts')).nativeClient,
  'rest-client': async () => (await import('./rest-client.ts')).restClient,
  'extension-route': async () => (await import('./http-routes.ts')).extensionRoute,
  'own-route': async () => (await import('./http-routes.ts')).ownRoute,
  'extension-route/generated': async () => (await import('./load-generator.ts')).generatedExtensionRoute,
  'own-route/generated': async () => (await import('./load-generator.ts')).generatedOwnRoute,
};

/** Names of all clients, the control first. */
export const nodeClientNames: readonly string[] = Object.keys(CLIENTS);

/** Loads a client. @throws Error for an unknown name */
export function findNodeClient(name: string): Promise<NodeClient> {
  const load = CLIENTS[name];
  if (load === undefined) throw new Error(`unknown node client ${name}. Known: ${nodeClientNames.join(', ')}`);
  return load();
}
