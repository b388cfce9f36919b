import { afterEach, expect, test } from 'vitest';
import { type Client, createClient, createServer, defineAction, string, struct } from '../../src/index.ts';
import { PING } from '../../src/protocol/frame/native/fixed-header.ts';
import { HANDSHAKE_ANSWER, type RawPeer, rawServer, TRANSPORT_HANDSHAKE_ANSWER, until, withId } from '../support/raw-peer.ts';
import { rawFrame } from '../support/raw-frame.ts';

const echo = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }) });
const PING_MS = 50;
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A node that shakes hands, counts requests, and answers them or pings only while it shall. */
interface Puppet {
  readonly port: number;
  readonly requests: () => number;
  answersPings: boolean;
  /** What it sends instead of an answer. */
  insteadOf: Buffer | null;
}

async function puppet(): Promise<Puppet> {
  let requests = 0;
  const node: Puppet = { port: 0, requests: () => requests, answersPings: false, insteadOf: null };
  const seen = new WeakMap<RawPeer, number>();
  const { port, close } = await rawServer((peer) => {
    peer.socket.on('data', () => {
      const { messages } = peer;
      for (const message of messages.slice(seen.get(peer) ?? 0)) {
        if (message === 'ping') {
          if (node.answersPings) peer.send(PING);
        } else if (message.handshake) peer.send(withId(HANDSHAKE_ANSWER, message.requestId));
        else if (message.action === 'internal:transport/handshake') peer.send(withId(TRANSPORT_HANDSHAKE_ANSWER, message.requestId));
        else {
          requests++;
          if (node.insteadOf !== null) peer.send(node.insteadOf);
        }
      }
      seen.set(peer, messages.length);
    });
  });
  open.push({ close });
  return Object.assign(node, { port });
}

async function pairWith(silent: Puppet, pingIntervalMs = PING_MS): Promise<Client> {
  const server = createServer();
  server.handle(echo, ({ text }) => ({ text }));
  const { port } = await server.listen(0);
  const client = createClient({
    nodes: [`127.0.0.1:${port}`, `127.0.0.1:${silent.port}`],
    pingIntervalMs,
    timeoutMs: 1000,
    reconnect: { baseMs: 60_000, random: () => 1 },
  });
  open.push({ close: () => server.close({ drainMs: 0 }) }, { close: () => client.abort() });
  await client.connect();
  await until('both nodes', () => client.nodes.every(({ state }) => state === 'open'));
  return client;
}

/** Calls one after the other until none has gone to the silent node for a while. Returns how many did. */
async function callsThatWentTo(silent: Puppet, client: Client): Promise<number> {
  const lost: Promise<unknown>[] = [];
  for (let quiet = 0; quiet < 40; quiet++) {
    const before = silent.requests();
    const call = client.call(echo, { text: 'x' });
    lost.push(call.catch(() => undefined));
    await Promise.race([call.catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 5))]);
    if (silent.requests() > before) quiet = 0;
  }
  return silent.requests();
}

test.each<[string, Partial<Puppet>]>([
  ['that answers nothing', {}],
  ['that sends half an answer and then nothing', { insteadOf: rawFrame({ id: 3n, body: Buffer.alloc(5000) }).subarray(0, 1000) }],
  [
    'that sends half an answer and then answers pings only',
    { answersPings: true, insteadOf: rawFrame({ id: 3n, body: Buffer.alloc(5000) }).subarray(0, 1000) },
  ],
])('a node %s is out of turn after a few calls, and its channel ends', async (_what, behaviour) => {
  const silent = await puppet();
  const client = await pairWith(silent);
  Object.assign(silent, behaviour);
  expect(await callsThatWentTo(silent, client)).toBeLessThan(40);
  await until('its end', () => client.nodes[1]?.state !== 'open');
});

test('a node that answers again is in turn again', async () => {
  const silent = await puppet();
  silent.answersPings = true;
  const client = await pairWith(silent, 5000);
  silent.answersPings = false;
  await callsThatWentTo(silent, client);
  expect(client.nodes[1]?.state).toBe('open');
  silent.answersPings = true;
  const before = silent.requests();
  await until('a call to it', () => {
    void client.call(echo, { text: 'x' }).catch(() => undefined);
    return silent.requests() > before;
  });
  expect(client.nodes[1]?.state).toBe('open');
});

test('a node that is the only one gets its calls though it is suspected', async () => {
  const silent = await puppet();
  const client = createClient({ nodes: [`127.0.0.1:${silent.port}`], pingIntervalMs: 1000, timeoutMs: 4000 });
  open.push({ close: () => client.abort() });
  await client.connect();
  const calls = [client.call(echo, { text: 'x' })];
  await new Promise((resolve) => setTimeout(resolve, 2500));
  calls.push(client.call(echo, { text: 'x' }));
  await until('the second call', () => silent.requests() === 2, 1000);
  client.abort();
  expect((await Promise.allSettled(calls)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
