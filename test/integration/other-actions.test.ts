import { afterEach, expect, test } from 'vitest';
import { createClient, createServer, defineAction, StatusError, string, struct } from '../../src/index.ts';
import { rest } from '../../src/protocol/codec/primitives.ts';
import type { PeerChannel } from '../../src/transport/call/peer-channel.ts';

const open: { close(options?: { drainMs?: number }): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close({ drainMs: 0 });
});

const known = defineAction({ name: 'demo:known', request: struct({ text: string }), response: struct({ text: string }) });
const unknown = defineAction({ name: 'demo:unknown', request: struct({ text: string }), response: rest });

async function served() {
  let channel: PeerChannel | undefined;
  const server = createServer();
  server.handle(known, ({ text }, context) => {
    ({ channel } = context);
    return { text };
  });
  const { port } = await server.listen(0);
  const client = createClient(`127.0.0.1:${port}`);
  open.push(server, client);
  return { server, client, peer: () => channel as PeerChannel };
}

test('the handler of other actions gets their bytes, their name and their headers', async () => {
  const { server, client } = await served();
  server.handleOthers((body, { action, headers }) => Buffer.from(`${action} ${headers['X-Opaque-Id']} ${body.toString('hex')}`));
  expect((await client.call(unknown, { text: 'ab' }, { headers: { 'X-Opaque-Id': '7' } })).toString()).toBe('demo:unknown 7 026162');
  expect(await client.call(known, { text: 'x' })).toEqual({ text: 'x' });
});

test('a client serves other actions, too, and passes on what the handler throws', async () => {
  const { client, peer } = await served();
  client.handleOthers((_body, { action }) => {
    throw new StatusError(409, 'demo_exception', `no ${action}`);
  });
  await client.call(known, { text: 'x' });
  await expect(peer().call(unknown, { text: 'ab' })).rejects.toMatchObject({ code: 'ERR_REMOTE', status: 409, reason: 'no demo:unknown' });
});

test('there is one handler of other actions', async () => {
  const { server } = await served();
  server.handleOthers(() => Buffer.alloc(0));
  expect(() => server.handleOthers(() => Buffer.alloc(0))).toThrow('cannot register a handler for other actions: there is one already');
  expect(() => createServer().handleOthers(null as never)).toThrow('the handler of other actions must be a function, got null');
  expect(() => createServer().handleOthers(() => Buffer.alloc(0), { exempt: 1 } as never)).toThrow('exempt must be a boolean, got 1');
});
