import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { Listener } from '../../src/transport/carrier/link.ts';
import { type TcpOptions, tcp } from '../../src/transport/carrier/tcp.ts';
import { carrierContract } from './carrier-contract.ts';
import { RecordingEnd, until } from './recording-end.ts';

carrierContract('tcp', { secure: false, create: tcp });

const opened: { destroy(): void }[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.destroy();
});

async function listenWith(options: TcpOptions, end: RecordingEnd): Promise<Listener> {
  const listener = await tcp(options).listen({ port: 0 }, end.accept);
  opened.push({ destroy: () => void listener.close() });
  return listener;
}

async function foreignPeer(end: RecordingEnd): Promise<Socket> {
  const { endpoint } = await listenWith({}, end);
  const peer = connect(endpoint.port, endpoint.host);
  opened.push(peer);
  await until('the link is accepted', () => end.hasLink);
  return peer;
}

/** The memory that reads of both ends of a connection came from. */
async function readMemory(options: TcpOptions): Promise<{ client: ArrayBufferLike; server: ArrayBufferLike }> {
  const [client, server] = [new RecordingEnd(), new RecordingEnd()];
  const seen = new Map<RecordingEnd, ArrayBufferLike>();
  for (const end of [client, server]) end.onChunk = (chunk) => void seen.set(end, chunk.buffer);
  const { endpoint } = await listenWith(options, server);
  await tcp(options).dial(endpoint, client.accept);
  await until('the link is accepted', () => server.hasLink);
  client.link.write(Buffer.from('up'));
  server.link.write(Buffer.from('down'));
  await until('both', () => seen.size === 2);
  client.link.close();
  await Promise.all([client.closed(), server.closed()]);
  return { client: seen.get(client)!, server: seen.get(server)! };
}

test('dialled and accepted links read into the one buffer of the process', async () => {
  const { client, server } = await readMemory({});
  expect(client.byteLength).toBe(64 * 1024);
  expect(server).toBe(client);
});

test('the data path reads into buffers of the platform', async () => {
  const { client, server } = await readMemory({ reads: 'data' });
  expect(server).not.toBe(client);
});

test('a peer that resets the connection is an error', async () => {
  const end = new RecordingEnd();
  const peer = await foreignPeer(end);
  peer.resetAndDestroy();
  expect(await end.closed()).toMatchObject({ code: 'ERR_CONNECTION_LOST', message: expect.stringContaining('the peer reset it') });
});

test('what is queued still reaches a peer that has ended its own side', async () => {
  const end = new RecordingEnd();
  const peer = await foreignPeer(end);
  let heard = 0;
  peer.on('data', (chunk) => {
    heard += chunk.length;
  });
  const size = 20 * 1024 * 1024;
  end.link.write(Buffer.alloc(size));
  peer.end();
  expect(await end.closed()).toBeNull();
  await until('all of it', () => heard === size);
});

test('a peer that ends its side and then resets has ended the link', async () => {
  const end = new RecordingEnd();
  const peer = await foreignPeer(end);
  end.link.write(Buffer.alloc(20 * 1024 * 1024));
  peer.pause().end();
  await sleep(50);
  expect(end.link.bufferedBytes).toBeGreaterThan(0);
  peer.resetAndDestroy();
  expect(await end.closed()).toBeNull();
});

test('close() ends the link when the peer reads everything and never ends its own side', async () => {
  const server = createServer({ allowHalfOpen: true }, (socket) => void opened.push(socket.resume())).listen(0, '127.0.0.1');
  opened.push({ destroy: () => void server.close() });
  await until('listening', () => server.listening);
  const end = new RecordingEnd();
  const { port } = server.address() as { port: number };
  const link = await tcp({ lingerMs: 100 }).dial({ host: '127.0.0.1', port }, end.accept);
  link.write(Buffer.from('all read'));
  link.close();
  expect(await end.closed()).toBeNull();
});

test('an address of another machine cannot be bound', async () => {
  const refused = tcp().listen({ host: '192.0.2.1', port: 0 }, new RecordingEnd().accept);
  await expect(refused).rejects.toMatchObject({
    code: 'ERR_CONFIG',
    message: expect.stringContaining('this machine does not have the address 192.0.2.1'),
  });
});

test('a name is looked up', async () => {
  const [client, server] = [new RecordingEnd(), new RecordingEnd()];
  const { endpoint } = await listenWith({}, server);
  await tcp().dial({ host: 'localhost', port: endpoint.port }, client.accept);
  client.link.abort();
  expect(await client.closed()).toBeNull();
});
