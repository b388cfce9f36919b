import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { EXTENSION_PATH } from './extension-path.ts';
import { expect, type NodeClient } from './node-client.ts';

const MAX_SOCKETS = 64;
/** A node initialises an extension after it has answered. */
const INITIALISED_MS = 20_000;
const GREETING = JSON.stringify({ greeting: 'Hello, Ada' });

/** HTTP requests to a route of an extension, through the node. */
export const extensionRoute: NodeClient = {
  name: 'REST → extension',
  packages: ['undici', 'opensearch-transport'],
  open: async ({ httpUrl, extensionPort }) => {
    const pool = poolOf(httpUrl);
    return {
      operations: { rest: async () => expect((await get(pool, EXTENSION_PATH)) === GREETING, 'rest') },
      prepare: () => initialise(pool, extensionPort),
      close: () => pool.close(),
    };
  },
};

/** The same requests to a route that the node answers itself. */
export const ownRoute: NodeClient = {
  name: 'REST → node itself',
  packages: ['undici'],
  open: async ({ httpUrl }) => {
    const pool = poolOf(httpUrl);
    return {
      operations: { rest: async () => expect((await get(pool, '/')).includes('cluster_uuid'), 'rest') },
      close: () => pool.close(),
    };
  },
};

function poolOf(url: string): Pool {
  return new Pool(url, { connections: MAX_SOCKETS, pipelining: 1 });
}

async function get(pool: Pool, path: string): Promise<string> {
  const { statusCode, body } = await pool.request({ path, method: 'GET' });
  const text = await body.text();
  return statusCode === 200 ? text : `${statusCode} ${text}`;
}

/** Asks the node to initialise the extension and waits until it serves the route. @throws Error after 20 seconds */
async function initialise(pool: Pool, port: number): Promise<void> {
  const names = { name: 'bench', uniqueId: 'bench', hostAddress: '127.0.0.1', port: String(port), version: '1.0.0' };
  const body = JSON.stringify({ ...names, opensearchVersion: '2.19.0', minimumCompatibleVersion: '2.19.0' });
  const headers = { 'content-type': 'application/json' };
  const answer = await pool.request({ path: '/_extensions/initialize', method: 'POST', headers, body });
  expect(answer.statusCode === 202, `initialize: ${answer.statusCode} ${await answer.body.text()}`);
  let said = '';
  for (const end = performance.now() + INITIALISED_MS; performance.now() < end; await sleep(100)) {
    said = await get(pool, EXTENSION_PATH);
    if (said === GREETING) return;
  }
  throw new Error(`the node does not serve the extension after ${INITIALISED_MS} ms: ${said}`);
}
