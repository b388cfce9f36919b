import { afterEach, expect, test } from 'vitest';
import { defineAction } from '../../src/protocol/action/define-action.ts';
import { string, vInt } from '../../src/protocol/codec/primitives.ts';
import { StatusError } from '../../src/protocol/error/status-error.ts';
import { V_2_19_0 } from '../../src/protocol/wire/version.ts';
import type { ServerCallContext } from '../../src/transport/call/server-context.ts';
import { tcp } from '../../src/transport/carrier/tcp.ts';
import type { Channel } from '../../src/transport/channel/channel.ts';
import { createServer, type Server } from '../../src/transport/server/server.ts';
import { ScriptedNode } from '../support/interop-scripted-node.ts';

const repeat = defineAction({ name: 'demo:repeat', request: vInt, response: string });
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A server that answers on its second channel what comes on the first. */
async function setUp(handler: (count: number, context: ServerCallContext, other: Channel) => string | Promise<string>) {
  const server = createServer({ maxInFlight: 2 });
  open.push({ close: () => server.close({ drainMs: 0 }) });
  server.handle(repeat, (count, context) => {
    const other = [...server.channels][1] as Channel;
    context.answerer = other.answerer;
    return handler(count, context, other);
  });
  const { port } = await server.listen(0);
  const node = await ScriptedNode.dial(tcp(), port, { sockets: 2 });
  open.push(node);
  await node.shakeHands(V_2_19_0);
  return { server, node };
}

const busyCounts = (server: Server): number[] => [...server.channels].map(({ busyCount }) => busyCount);

test.each([false, true])('an answer is written on the channel it was given, compressed as its request: %s', async (compressed) => {
  const { server, node } = await setUp((count) => 'x'.repeat(count));
  // More requests than may be in flight: each gives its place back where it came in.
  for (const count of [1, 100, 300_000, 100]) {
    const { value, message } = await node.ask(repeat, count, { socket: 0, answeredOn: 1, compressed });
    expect(value).toHaveLength(count);
    expect(message.compressed).toBe(compressed);
  }
  expect(busyCounts(server)).toEqual([0, 0]);
});

test('so is an error', async () => {
  const { server, node } = await setUp(() => Promise.reject(new StatusError(409, 'conflict_exception', 'no')));
  await expect(node.ask(repeat, 1, { socket: 0, answeredOn: 1 })).rejects.toMatchObject({ status: 409 });
  expect(busyCounts(server)).toEqual([0, 0]);
});

test('an answer whose channel has ended is written on that of the request', async () => {
  const { node } = await setUp((count, _context, other) => {
    other.abort();
    return 'x'.repeat(count);
  });
  expect((await node.ask(repeat, 3, { socket: 0 })).value).toBe('xxx');
});

test('an answer is dropped when the channel of its request has ended: the node has forgotten the request', async () => {
  const { server, node } = await setUp((count, _context) => {
    [...server.channels][0]?.abort();
    return 'x'.repeat(count);
  });
  await expect(node.ask(repeat, 3, { socket: 0 })).rejects.toThrow('ended before');
  expect(node.received[1]).toEqual([]);
  expect(busyCounts(server)).toEqual([0]);
});

test('anything else is no answerer', async () => {
  const { node } = await setUp((count, context) => {
    context.answerer = {};
    return 'x'.repeat(count);
  });
  expect((await node.ask(repeat, 2, { socket: 0 })).value).toBe('xx');
});

test('a server that closes waits for the answer where it is written', async () => {
  let finish: (() => void) | undefined;
  const { server, node } = await setUp((count) => new Promise((resolve) => (finish = () => resolve('x'.repeat(count)))));
  const answered = node.ask(repeat, 70_000, { socket: 0, answeredOn: 1 });
  await expect.poll(() => finish).toBeTypeOf('function');
  const closed = server.close({ drainMs: 5_000 });
  finish?.();
  expect((await answered).value).toHaveLength(70_000);
  await closed;
});
