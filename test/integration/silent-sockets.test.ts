import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import {
  createClient,
  createServer,
  defineAction,
  type Server,
  type ServerEvent,
  type ServerOptions,
  string,
  struct,
} from '../../src/index.ts';
import { PING } from '../../src/protocol/frame/native/fixed-header.ts';
import { tls } from '../../src/transport/carrier/tls.ts';
import { CertificateOffice } from '../contract/certificates.ts';
import { HANDSHAKE, RawPeer, until } from '../support/raw-peer.ts';

const echo = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }) });
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

interface Served {
  readonly server: Server;
  readonly port: number;
  readonly events: ServerEvent[];
}

async function serve(options: ServerOptions = {}): Promise<Served> {
  const events: ServerEvent[] = [];
  const server = createServer({ ...options, onEvent: (event) => events.push(event) });
  server.handle(echo, ({ text }) => ({ text }));
  const { port } = await server.listen(0);
  open.push({ close: () => server.close({ drainMs: 0 }) });
  return { server, port, events };
}

/** Keeps so many connections open: a new one for each that is closed. */
class Flood {
  readonly #port: number;
  readonly #first: Uint8Array | null;
  readonly #pauseMs: number;
  readonly #sockets = new Set<Socket>();
  #isOver = false;

  constructor(port: number, count: number, first: Uint8Array | null, pauseMs: number) {
    this.#port = port;
    this.#pauseMs = pauseMs;
    this.#first = first;
    for (let i = 0; i < count; i++) this.#dial();
    open.push(this);
  }

  #dial(): void {
    const socket = connect(this.#port, '127.0.0.1');
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    if (this.#first !== null) socket.write(this.#first);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      if (!this.#isOver) setTimeout(() => this.#isOver || this.#dial(), this.#pauseMs);
    });
    socket.resume();
  }

  close(): void {
    this.#isOver = true;
    for (const socket of this.#sockets) socket.destroy();
  }
}

describe('an honest client gets in at any time', () => {
  test.each<[string, Uint8Array | null, number]>([
    ['silent sockets', null, 20],
    ['pinging sockets', PING, 20],
    ['sockets that send half a message', HANDSHAKE.subarray(0, 40), 20],
    ['sockets that shake hands and do nothing', HANDSHAKE, 500],
  ])('under a flood of %s', async (_what, first, pauseMs) => {
    const { server, port } = await serve({ maxConnections: 100 });
    new Flood(port, 200, first, pauseMs);
    await until('the flood', () => server.connections === 100);
    for (let round = 0; round < 5; round++) {
      const client = createClient({
        nodes: [`127.0.0.1:${port}`],
        reconnect: false,
        timeoutMs: 3000,
        profile: round === 4 ? 'node' : 'single',
      });
      open.push(client);
      for (let call = 0; call < 5; call++) expect(await client.call(echo, { text: 'x' })).toEqual({ text: 'x' });
      await client.close();
    }
    expect(server.connections).toBeLessThanOrEqual(100);
  });
});

test('a handshake excuses the twelve silent connections of its node, a ping excuses none', async () => {
  const { server, port } = await serve({ handshakeTimeoutMs: 700 });
  const strangers = await Promise.all(Array.from({ length: 20 }, () => RawPeer.dial(port)));
  const node = createClient({ nodes: [`127.0.0.1:${port}`], profile: 'node', reconnect: false });
  open.push(node, ...strangers);
  await node.connect();
  strangers[0]?.send(PING);
  await Promise.all(strangers.map((peer) => peer.gone()));
  await until('the end of the strangers', () => server.connections === 13);
  expect(node.nodes[0]?.state).toBe('open');
});

test('a client with more channels than a node has is not noticed', async () => {
  const { server, port } = await serve({ handshakeTimeoutMs: 700 });
  const stranger = await RawPeer.dial(port);
  const client = createClient({ nodes: [`127.0.0.1:${port}`], profile: { reg: 39 }, reconnect: false });
  open.push(client, stranger);
  await client.connect();
  await stranger.gone();
  const late = await RawPeer.dial(port);
  open.push(late);
  await late.gone();
  expect([server.connections, client.nodes[0]?.state]).toEqual([39, 'open']);
});

describe.skipIf(!CertificateOffice.isOpen())('connections whose TLS handshake goes on', () => {
  const office = new CertificateOffice();
  const root = office.authority('root');
  const node = office.issue('node', 'root', 'IP:127.0.0.1');
  office.close();

  test('count as connections: the oldest make way, and an honest client gets in', async () => {
    const { port, events } = await serve({ carrier: tls({ ...node }), maxConnections: 5 });
    const peers = await Promise.all(Array.from({ length: 40 }, () => RawPeer.dial(port)));
    open.push(...peers);
    await until('35 ends', () => peers.filter(({ ended }) => ended !== null).length === 35);
    const client = createClient({ nodes: [`127.0.0.1:${port}`], carrier: tls({ ca: root.cert }), reconnect: false });
    open.push(client);
    expect(await client.call(echo, { text: 'x' })).toEqual({ text: 'x' });
    const refused = events.flatMap((event) => (event.type === 'channelRefused' ? [event] : []));
    expect(refused).toHaveLength(36);
    for (const { remote, error } of refused) {
      expect(remote?.host).toBe('127.0.0.1');
      expect(error).toMatchObject({ code: 'ERR_OVERLOADED', message: expect.stringContaining('never sent a message and makes way') });
    }
  });

  test('have their time from the moment they were accepted, however slowly they go on', async () => {
    const { port, events } = await serve({ carrier: tls({ ...node, handshakeTimeoutMs: 150 }) });
    const peer = await RawPeer.dial(port);
    const hello = Buffer.concat([Buffer.from('1603010200010001fc0303', 'hex'), Buffer.alloc(500)]);
    let at = 0;
    const trickle = setInterval(() => peer.socket.write(hello.subarray(at, ++at)), 20);
    open.push(peer, { close: () => clearInterval(trickle) });
    await peer.gone();
    await until('the event', () => events.some(({ type }) => type === 'channelRefused'));
    expect(events).toMatchObject([{ type: 'channelRefused', error: { code: 'ERR_TLS', message: expect.stringContaining('in time') } }]);
  });

  test('end with their server, and their places are given back', async () => {
    const { server, port } = await serve({ carrier: tls({ ...node }), maxConnections: 5 });
    const peers = await Promise.all(Array.from({ length: 5 }, () => RawPeer.dial(port)));
    for (const peer of peers) peer.close();
    for (let round = 0; round < 8; round++) {
      const client = createClient({ nodes: [`127.0.0.1:${port}`], carrier: tls({ ca: root.cert }), reconnect: false });
      open.push(client);
      await client.call(echo, { text: 'x' });
      if (round < 4) continue;
      await client.close();
      await until('its end', () => server.connections === 4);
    }
    const halfOpen = await RawPeer.dial(port);
    open.push(halfOpen);
    await server.close({ drainMs: 0 });
    await halfOpen.gone();
  });
});
