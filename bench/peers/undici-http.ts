import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import type { Peer } from './peer.ts';
import { HOST, keyPair } from './sockets.ts';

interface Message {
  readonly body: string;
}

/** More sockets than this do not help a client on one core. */
const MAX_SOCKETS = 256;
const KEEP_ALIVE_MS = 60_000;

/** undici against node:http, JSON both ways, a kept-alive socket for each call in flight: faster than pipelining on one. */
export const undiciHttp: Peer = {
  name: 'undici + node:http',
  note: 'JSON; a socket for each call in flight',
  packages: ['undici'],
  tls: true,
  serve: async ({ tls }) => {
    const options = { keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true };
    const server = tls === null ? createServer(options, echo) : createTlsServer({ ...options, ...keyPair(tls) }, echo);
    server.listen({ port: 0, host: HOST, backlog: 4096 });
    await once(server, 'listening');
    const close = (): void => {
      server.close();
      server.closeAllConnections();
    };
    return { port: (server.address() as AddressInfo).port, close };
  },
  connect: async (port, connections, { body, tls, inFlight, fail }) => {
    const sockets = Math.min(Math.max(inFlight, connections), MAX_SOCKETS);
    const pool = new Pool(`${tls === null ? 'http' : 'https'}://${HOST}:${port}`, {
      connections: sockets,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connect: { rejectUnauthorized: false },
    });
    const text = body.toString('latin1');
    const headers = { 'content-type': 'application/json' };
    const call = async (): Promise<string> => {
      const answer = await pool.request({ path: '/echo', method: 'POST', headers, body: JSON.stringify({ body: text } satisfies Message) });
      return ((await answer.body.json()) as Message).body;
    };
    await call();
    return { echo: (answered) => void call().then(answered, fail), close: () => pool.destroy() };
  },
};

function echo(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { body } = JSON.parse(Buffer.concat(chunks).toString()) as Message;
    const answer = Buffer.from(JSON.stringify({ body } satisfies Message));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer);
  });
}
