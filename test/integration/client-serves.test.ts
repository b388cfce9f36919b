import { afterEach, describe, expect, test } from 'vitest';
import {
  type Client,
  type ClientOptions,
  type Codec,
  createClient,
  createServer,
  decode,
  defineAction,
  type Server,
  type ServerOptions,
  StatusError,
  string,
  struct,
} from '../../src/index.ts';
import type { PeerChannel } from '../../src/transport/call/peer-channel.ts';
import type { Message } from '../../src/protocol/frame/native/message.ts';
import { tcpHandshake } from '../../src/protocol/action/internal/tcp-handshake.ts';
import { transportHandshake } from '../../src/protocol/action/internal/transport-handshake.ts';
import { HANDSHAKE, TRANSPORT_HANDSHAKE, until, withId } from '../support/raw-peer.ts';
import { scriptedNode } from '../support/scripted-node.ts';

const enrol = defineAction({ name: 'demo:enrol', request: struct({}), response: struct({}) });
const ask = defineAction({ name: 'demo:ask', request: struct({ text: string }), response: struct({ text: string }) });
const open: { close(options?: { drainMs?: number }): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close({ drainMs: 0 });
});

/** A server that knows the channel of the client which enrolled, and the client. */
async function pair(options: Partial<ClientOptions> = {}, serverOptions: ServerOptions = {}) {
  let channel: PeerChannel | undefined;
  const server: Server = createServer(serverOptions);
  server.handle(enrol, (_request, context) => {
    channel = context.channel;
    return {};
  });
  const { port } = await server.listen(0);
  const client: Client = createClient({ nodes: [`127.0.0.1:${port}`], ...options });
  open.push(server, client);
  await client.call(enrol, {});
  return { client, server, channel: channel as PeerChannel };
}

describe('a client serves requests of its server on the channel it dialled', () => {
  test('a handler answers, and what it throws becomes the error', async () => {
    const { client, channel } = await pair();
    client.handle(ask, ({ text }) => {
      if (text === 'bad') throw new StatusError(409, 'demo_exception', 'no');
      return { text: `${text} back` };
    });
    expect(await channel.call(ask, { text: 'hello' })).toEqual({ text: 'hello back' });
    await expect(channel.call(ask, { text: 'bad' })).rejects.toMatchObject({
      code: 'ERR_REMOTE',
      status: 409,
      remoteType: 'demo_exception',
    });
  });

  test('an action without a handler is refused in the words of a node', async () => {
    const { channel } = await pair();
    await expect(channel.call(ask, { text: 'x' })).rejects.toMatchObject({ code: 'ERR_UNKNOWN_ACTION' });
  });

  test('the same action may not have two handlers', async () => {
    const { client } = await pair();
    client.handle(ask, (request) => request);
    expect(() => client.handle(ask, (request) => request)).toThrow(expect.objectContaining({ code: 'ERR_DUPLICATE_ACTION' }));
  });

  test('interceptors and limits of `serve` apply to served requests, those of calls do not', async () => {
    const seen: string[] = [];
    const { client, channel } = await pair({
      interceptors: [(next) => (call) => (seen.push(`call ${call.action.name}`), next(call))],
      serve: { maxInFlight: 1, interceptors: [(next) => (call) => (seen.push(`serve ${call.action.name}`), next(call))] },
    });
    let answer = (): void => undefined;
    client.handle(ask, ({ text }) => new Promise<{ text: string }>((resolve) => (answer = () => resolve({ text }))));
    const first = channel.call(ask, { text: 'first' });
    await until('the first request', () => seen.length === 2);
    await expect(channel.call(ask, { text: 'second' })).rejects.toMatchObject({ remoteType: 'rejected_execution_exception' });
    answer();
    expect(await first).toEqual({ text: 'first' });
    expect(seen).toEqual(['call demo:enrol', 'serve demo:ask']);
  });

  test('a handler may call the server back on the same channel', async () => {
    const { client, server, channel } = await pair();
    server.handle(ask, ({ text }) => ({ text: text.toUpperCase() }));
    client.handle(ask, ({ text }, context): Promise<{ text: string }> => context.channel.call(ask, { text }));
    expect(await channel.call(ask, { text: 'round' })).toEqual({ text: 'ROUND' });
  });

  test('close() waits until a request that is being served is answered', async () => {
    const { client, channel } = await pair();
    let answer = (): void => undefined;
    client.handle(ask, ({ text }) => new Promise<{ text: string }>((resolve) => (answer = () => resolve({ text }))));
    const asked = channel.call(ask, { text: 'late' });
    const first = answer;
    await until('the request', () => answer !== first);
    const closed = client.close();
    setTimeout(answer, 20);
    expect(await asked).toEqual({ text: 'late' });
    await closed;
  });
});

describe('identity', () => {
  test('a server presents the ids it was given', async () => {
    const identity = { nodeId: 'the-node-id', ephemeralId: 'this-run' };
    const server = createServer({ nodeName: 'n1', clusterName: 'c1', identity });
    expect(server.identity).toMatchObject({ nodeName: 'n1', clusterName: 'c1', ...identity });
    const { port } = await server.listen(0);
    const client = createClient(`127.0.0.1:${port}`);
    open.push(server, client);
    const answer = await client.call(transportHandshake, {});
    expect(answer).toMatchObject({ clusterName: 'c1', discoveryNode: { name: 'n1', id: 'the-node-id', ephemeralId: 'this-run' } });
  });

  test('ids are random and distinct unless they are given', () => {
    const ids = [createServer(), createServer()].flatMap(({ identity: { nodeId, ephemeralId } }) => [nodeId, ephemeralId]);
    expect(new Set(ids).size).toBe(4);
    for (const id of ids) expect(id).toMatch(/^[\w-]{22}$/);
  });

  test('a client with the identity of a server answers handshakes on its channels as that node', async () => {
    const { identity } = createServer({ nodeName: 'dev', clusterName: 'dev-cluster' });
    const answers: Message[] = [];
    const node = await scriptedNode((peer) => {
      peer.send(withId(HANDSHAKE, 71n), withId(TRANSPORT_HANDSHAKE, 72n));
      peer.socket.on('data', () => answers.splice(0, answers.length, ...peer.messages.filter((one) => one !== 'ping')));
    });
    open.push(node);
    const client = createClient({ nodes: [`127.0.0.1:${node.port}`], identity });
    open.push(client);
    expect(client.identity).toEqual(identity);
    const call = client.call(ask, { text: 'x' });
    void call.catch(() => undefined);
    const answer = (id: bigint): Message | undefined => answers.find(({ request, requestId }) => !request && requestId === id);
    await until('both answers', () => answer(71n) !== undefined && answer(72n) !== undefined);
    const read = (id: bigint, action: typeof tcpHandshake | typeof transportHandshake): unknown => {
      const { body, version } = answer(id) as Message;
      return decode(action.response as Codec<unknown, never>, body, { version });
    };
    expect(read(71n, tcpHandshake)).toEqual({ version: identity.version });
    expect(read(72n, transportHandshake)).toMatchObject({
      clusterName: 'dev-cluster',
      discoveryNode: { name: 'dev', id: identity.nodeId, ephemeralId: identity.ephemeralId },
    });
  });

  test.each([
    ['server', () => createServer({ identity: { nodeID: 'x' } as never })],
    ['client', () => createClient({ nodes: ['127.0.0.1:1'], identity: { nodeID: 'x' } as never })],
    ['client, serving', () => createClient({ nodes: ['127.0.0.1:1'], serve: { maxInflight: 1 } as never })],
  ])('an unknown option is refused: %s', (_what, make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }));
  });
});
