import { afterEach, expect, test } from 'vitest';
import { createClient, createServer, defineAction, empty, string, struct, vInt } from '../../src/index.ts';
import { rawFrame, requestHeader } from '../support/raw-frame.ts';
import { HANDSHAKE, RawPeer, until } from '../support/raw-peer.ts';
import { scriptedNode } from '../support/scripted-node.ts';

/** Requests that one write holds: they reach the server in a few reads. */
const REQUESTS = 5_000;
const WORK_MS = 0.2;

const echo = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }) });
const work = defineAction({ name: 'demo:work', request: empty, response: empty });
const add = defineAction({ name: 'demo:add', request: struct({ a: vInt }), response: struct({ a: vInt }) });
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function serve() {
  const server = createServer();
  const worked: number[] = [];
  server.handle(echo, ({ text }) => ({ text }));
  server.handle(add, ({ a }) => ({ a: a + 1 }));
  server.handle(work, () => {
    const end = performance.now() + WORK_MS;
    while (performance.now() < end);
    worked.push(worked.length);
    return {};
  });
  const { port } = await server.listen(0);
  open.push({ close: () => server.close({ drainMs: 0 }) });
  return { server, worked, port };
}

const workFrame = (id: number): Buffer => rawFrame({ id: BigInt(id), status: 0, variable: requestHeader('demo:work'), body: Buffer.of(0) });

test('a connection that sends thousands of requests at once does not keep the others waiting', async () => {
  const { worked, port } = await serve();
  const client = createClient(`127.0.0.1:${port}`);
  open.push({ close: () => client.close({ drainMs: 0 }) });
  await client.call(echo, { text: 'connect' });
  const peer = await RawPeer.dial(port);
  open.push(peer);
  peer.send(HANDSHAKE, ...Array.from({ length: REQUESTS }, (_, id) => workFrame(id)));
  // Each call crosses a few turns of the event loop, and the connection gets one turn of some 2 ms in each.
  for (let i = 0; i < 3; i++) {
    const before = worked.length;
    await client.call(echo, { text: 'next' });
    expect(worked.length - before).toBeLessThan(300);
  }
  expect(worked.length).toBeGreaterThan(0);
});

test('every request of a long turn is answered, in order', async () => {
  const { worked, port } = await serve();
  const peer = await RawPeer.dial(port);
  open.push(peer);
  const frames = Array.from({ length: 1_000 }, (_, id) => workFrame(id));
  peer.send(...frames);
  await until('all answers', () => worked.length === frames.length && peer.messages.length === frames.length, 10_000);
  expect(peer.messages.map((message) => message !== 'ping' && Number(message.requestId))).toEqual(frames.map((_, id) => id));
});

test('a connection that ends before its next turn is forgotten', async () => {
  const { server, worked, port } = await serve();
  const peer = await RawPeer.dial(port);
  peer.send(HANDSHAKE, ...Array.from({ length: REQUESTS }, (_, id) => workFrame(id)));
  await until('the first requests', () => worked.length > 0);
  peer.reset();
  await until('the end', () => server.connections === 0, 10_000);
  expect(server.inFlight).toBe(0);
  const client = createClient(`127.0.0.1:${port}`);
  open.push({ close: () => client.close({ drainMs: 0 }) });
  expect(await client.call(add, { a: 1 })).toEqual({ a: 2 });
});

test('a node that sends thousands of requests at once does not keep the calls to other nodes waiting', async () => {
  const { port } = await serve();
  const node = await scriptedNode((peer, { requestId }) => peer.send(rawFrame({ id: requestId, body: Buffer.of(1, 120) })));
  open.push(node);
  const hostile = createClient(`127.0.0.1:${node.port}`);
  const honest = createClient(`127.0.0.1:${port}`);
  open.push({ close: () => hostile.close({ drainMs: 0 }) }, { close: () => honest.close({ drainMs: 0 }) });
  let worked = 0;
  hostile.handle(work, () => {
    const end = performance.now() + WORK_MS;
    while (performance.now() < end);
    worked++;
    return {};
  });
  await hostile.call(echo, { text: 'connect' });
  await honest.call(echo, { text: 'connect' });
  node.peers[0]?.send(...Array.from({ length: REQUESTS }, (_, id) => workFrame(id)));
  for (let i = 0; i < 3; i++) {
    const before = worked;
    await honest.call(echo, { text: 'next' });
    expect(worked - before).toBeLessThan(600);
  }
  await until('all requests', () => worked === REQUESTS, 20_000);
});
