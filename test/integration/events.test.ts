import { connect } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  type ClientOptions,
  createClient,
  createServer,
  defineAction,
  type Server,
  type ServerEvent,
  type ServerOptions,
  string,
  struct,
} from '../../src/index.ts';
import type { Carrier } from '../../src/transport/carrier/link.ts';
import { tcp } from '../../src/transport/carrier/tcp.ts';
import { tls } from '../../src/transport/carrier/tls.ts';
import { CertificateOffice } from '../contract/certificates.ts';
import { rawServer, RawPeer, until } from '../support/raw-peer.ts';

const echo = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }) });
const open: { close(options?: { drainMs?: number }): Promise<void> }[] = [];
const emitWarning = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close({ drainMs: 0 });
  emitWarning.mockClear();
});

async function serve(options: ServerOptions = {}): Promise<Server & { port: number }> {
  const server = createServer(options);
  server.handle(echo, ({ text }) => ({ text }));
  const { port } = await server.listen(0);
  open.push(server);
  return Object.assign(server, { port });
}

function clientOf(port: number, options: Partial<ClientOptions> = {}) {
  const client = createClient({ nodes: [`127.0.0.1:${port}`], reconnect: false, ...options });
  open.push(client);
  return client;
}

const broken = (): void => {
  throw new Error('a listener of the test');
};

describe('listeners that throw', () => {
  test('a client connects, calls and closes all the same', async () => {
    const { port } = await serve();
    const states: string[] = [];
    const client = clientOf(port, { onEvent: broken })
      .on('connection', broken)
      .on('connection', async () => broken())
      .on('connection', ({ state }) => states.push(state));
    expect(await client.call(echo, { text: 'x' })).toEqual({ text: 'x' });
    await client.close();
    expect(states).toEqual(['connecting', 'open', 'closed']);
    await until('the warnings', () => emitWarning.mock.calls.length === 9);
  });

  test('a client that cannot connect fails its call at once, and again', async () => {
    const client = clientOf(1, { onEvent: broken });
    for (let i = 0; i < 2; i++) await expect(client.call(echo, { text: 'x' })).rejects.toMatchObject({ code: 'ERR_DIAL' });
  });

  test('a server accepts, refuses, answers and closes all the same', async () => {
    const uncaught = vi.fn();
    process.on('uncaughtException', uncaught);
    const server = await serve({ onEvent: broken, maxConnections: 1 });
    server.on('channelOpened', broken).on('channelRefused', broken).on('channelClosed', broken).on('handlerFailed', broken);
    const failing = defineAction({ ...echo, name: 'demo:failing' });
    server.handle(failing, () => {
      throw new TypeError('a mistake');
    });
    const client = clientOf(server.port);
    expect(await client.call(echo, { text: 'x' })).toEqual({ text: 'x' });
    await expect(client.call(failing, { text: 'x' })).rejects.toMatchObject({ code: 'ERR_REMOTE' });
    const refused = await RawPeer.dial(server.port);
    await refused.gone();
    expect(await client.call(echo, { text: 'y' })).toEqual({ text: 'y' });
    await server.close();
    process.off('uncaughtException', uncaught);
    expect(uncaught).not.toHaveBeenCalled();
  });

  test('a listener that was removed is told no more', async () => {
    const { port } = await serve();
    const listener = vi.fn();
    const client = clientOf(port).on('connection', listener);
    await client.connect();
    client.off('connection', listener);
    await client.close();
    expect(listener.mock.calls.map(([{ state }]) => state)).toEqual(['connecting', 'open']);
  });
});

describe('channelRefused says the reason and the address', () => {
  test('too many connections', async () => {
    const server = await serve({ maxConnections: 1 });
    await clientOf(server.port).connect();
    const { refused, localPort } = await refusal(server);
    expect(refused).toMatchObject({
      remote: { host: '127.0.0.1', port: localPort },
      error: { code: 'ERR_OVERLOADED', message: 'the server has 1 connections open (maxConnections)' },
    });
  });

  test('a server that closes, though it has room', async () => {
    const carrier = tcp();
    let onAccept = (): void => undefined;
    // The system hands a connection over in the moment the server begins to close.
    const late: Carrier = {
      name: 'late',
      dial: (...args) => carrier.dial(...args),
      listen: (options, accept, onError) => carrier.listen(options, (link) => (onAccept(), accept(link)), onError),
    };
    const server = await serve({ carrier: late });
    onAccept = () => void server.close();
    const { refused } = await refusal(server);
    expect(refused.error).toMatchObject({ code: 'ERR_CLOSED', message: 'the server is closing and takes no more connections' });
  });

  test.skipIf(!CertificateOffice.isOpen())('a TLS handshake that fails', async () => {
    const office = new CertificateOffice();
    const { cert, key } = office.authority('root');
    office.close();
    const server = await serve({ carrier: tls({ cert, key }) });
    const { refused, localPort } = await refusal(server, 'GET / HTTP/1.1\r\n\r\n');
    expect(refused).toMatchObject({ remote: { host: '127.0.0.1', port: localPort }, error: { code: 'ERR_TLS' } });
  });
});

/** Connects to a server that refuses it. */
async function refusal(server: Server & { port: number }, text?: string) {
  const events: Extract<ServerEvent, { type: 'channelRefused' }>[] = [];
  server.on('channelRefused', (event) => events.push(event));
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  const { localPort } = socket;
  if (text !== undefined) socket.write(text);
  await until('the refusal', () => events.length > 0);
  socket.destroy();
  return { refused: events[0] as Extract<ServerEvent, { type: 'channelRefused' }>, localPort };
}

describe('a peer that takes the connection and stays silent', () => {
  test.each([
    ['timeoutMs', { timeoutMs: 150 }],
    ['connectTimeoutMs', { connectTimeoutMs: 150 }],
  ])('the phase is handshake when %s is over', async (_what, options) => {
    const silent = await rawServer(() => undefined);
    open.push(silent);
    await expect(clientOf(silent.port, options).call(echo, { text: 'x' })).rejects.toMatchObject({
      code: 'ERR_DEADLINE',
      phase: 'handshake',
      delivery: 'not-sent',
    });
  });

  test.each([
    ['timeoutMs', { timeoutMs: 150 }],
    ['connectTimeoutMs', { connectTimeoutMs: 150 }],
  ])('the same within TLS: %s', async (_what, options) => {
    const silent = await rawServer(() => undefined);
    open.push(silent);
    const client = clientOf(silent.port, { carrier: tls({ rejectUnauthorized: false }), ...options });
    await expect(client.call(echo, { text: 'x' })).rejects.toMatchObject({
      code: 'ERR_DEADLINE',
      phase: 'handshake',
      message: expect.stringContaining('TLS handshake'),
    });
  });

  test('the phase is dial while nothing has accepted the connection', async () => {
    const carrier = {
      name: 'unreachable',
      dial: () => new Promise<never>(() => undefined),
      listen: () => Promise.reject(new Error('not used')),
    };
    await expect(clientOf(1, { carrier, timeoutMs: 50 }).call(echo, { text: 'x' })).rejects.toMatchObject({ phase: 'dial' });
  });
});
