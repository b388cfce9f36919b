import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { devNode } from '../../src/devnode/dev-node.ts';
import { createClient } from '../../src/transport/client/client.ts';
import { registerRestActions } from '../../src/protocol/action/extension/extension.ts';
import { closeAll, initialise, open, rest, scriptedExtension } from '../support/devnode-extension.ts';

afterEach(closeAll);

const FIXED = 6;
const ID_AT = FIXED;
const ID_END = ID_AT + 8;

/** Frames of extensions.md §2.9, without the request id. */
const CALLS = {
  'tcp handshake of 2.19.6': '08006c565f0000001a00000016696e7465726e616c3a7463702f68616e647368616b650004ebda8541',
  'tcp handshake of 3.9.0': '0808216b130000001a00000016696e7465726e616c3a7463702f68616e647368616b650004b3cdbc41',
  'transport handshake': '0008216b13000000200000001c696e7465726e616c3a7472616e73706f72742f68616e647368616b6500',
  execute:
    '0008216b1300000058011c5f73797374656d5f696e6465785f6163636573735f616c6c6f7765640566616c7365000031696e7465726e616c3a657874656e73696f6e732f72657374657865637574656f6e657874656e73696f6e74616374696f6e00001e2f5f657874656e73696f6e732f5f68656c6c6f2d696e69742f68656c6c6f062f68656c6c6f00000000096e6f6f70546f6b656e01',
};
const ANSWERS = {
  'tcp handshake': '0908216b1300000002000093d68541',
  'transport handshake': '0108216b13000000020000000a6f70656e73656172636893d68541',
  initialise: '0108216b130000000200000548656c6c6f00',
  execute: '0108216b130000000200000219746578742f706c61696e3b20636861727365743d5554462d38026869000000',
};

/** An extension made of captured bytes: it reads frames of one socket, and answers each with the next of its answers. */
async function capturedExtension() {
  const sockets: Socket[] = [];
  const frames: string[] = [];
  const silent = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.push(socket);
    silent.add(socket);
    let held = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      silent.delete(socket);
      held = Buffer.concat([held, chunk]);
      for (;;) {
        const end = FIXED + (held.length < FIXED ? 0 : held.readInt32BE(2));
        if (held.length < FIXED || held.length < end) return;
        const frame = held.subarray(0, end);
        held = held.subarray(end);
        frames.push(frame.subarray(ID_END).toString('hex'));
        const answer = Object.values(ANSWERS)[Math.min(frames.length - 1, 3)] ?? '';
        const isHandshakeOf2 = frames[0]?.startsWith('08006c565f') === true && frames.length === 1;
        send(socket, frame.subarray(ID_AT, ID_END), isHandshakeOf2 ? answer.replace('08216b13', '006c565f') : answer);
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  open({
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return { sockets, frames, silent, port: (server.address() as { port: number }).port };
}

function send(socket: Socket, id: Uint8Array, body: string): void {
  const bytes = Buffer.from(body, 'hex');
  const head = Buffer.from('455300000000', 'hex');
  head.writeInt32BE(id.length + bytes.length, 2);
  socket.write(Buffer.concat([head, id, bytes]));
}

test.each(['2.19.6', '3.9.0'])('what a node of %s sends is what a genuine one sends, byte by byte', async (version) => {
  const node = open(await devNode({ version }));
  const raw = await capturedExtension();
  await initialise(node, { port: raw.port, uniqueId: 'hello-init', name: 'Hello' });
  await expect.poll(() => node.extensions[0]?.isInitialized).toBe(true);
  const client = open(createClient(node.address));
  await client.call(registerRestActions, { uniqueId: 'hello-init', restActions: ['GET /hello hello'] });
  expect(await rest(node, 'GET', '/_extensions/_hello-init/hello')).toMatchObject({ status: 200, text: 'hi' });
  expect(raw.sockets).toHaveLength(13);
  expect(raw.frames[0]).toBe(CALLS[`tcp handshake of ${version}` as keyof typeof CALLS]);
  expect(raw.frames[1]).toBe(CALLS['transport handshake']);
  expect(raw.frames[3]).toBe(CALLS.execute);
  // Handshakes go by one socket only; the two requests go by any.
  expect(raw.silent.size).toBeGreaterThanOrEqual(10);
});

test('one closed socket ends the others, and nobody connects again', async () => {
  const node = open(await devNode());
  const raw = await capturedExtension();
  await initialise(node, { port: raw.port, uniqueId: 'x', name: 'Hello' });
  await expect.poll(() => node.extensions[0]?.isInitialized).toBe(true);
  raw.sockets[7]?.destroy();
  await expect.poll(() => raw.sockets.every((socket) => socket.destroyed || socket.readableEnded)).toBe(true);
  expect(node.extensions).toMatchObject([{ uniqueId: 'x', isConnected: false }]);
  expect(raw.sockets).toHaveLength(13);
});

test('answers that HTTP cannot carry are told of', async () => {
  const reasons: string[] = [];
  const node = open(await devNode());
  node.on('answerUnfit', ({ reason }) => reasons.push(reason));
  const usual = { status: 'OK', contentType: 'text/plain', content: Buffer.from('x') } as const;
  const scripted = await scriptedExtension({
    answer: ({ path }) => {
      if (path === '/status') return { ...usual, status: 'CONTINUE' };
      if (path === '/lines') return { ...usual, headers: { 'X-A': ['a\r\nb'] } };
      return { ...usual, headers: { 'X-A': ['€'] } };
    },
  });
  await initialise(node, { port: scripted.port, uniqueId: 'u' });
  const channel = await scripted.initialised;
  await channel.call(registerRestActions, { uniqueId: 'u', restActions: ['GET /status s', 'GET /lines l', 'GET /euro e'] });
  await expect(rest(node, 'GET', '/_extensions/_u/status')).rejects.toThrow();
  await expect(rest(node, 'GET', '/_extensions/_u/lines')).rejects.toThrow();
  expect((await rest(node, 'GET', '/_extensions/_u/euro')).headers.get('x-a')).toBe('?');
  expect(reasons).toEqual([expect.stringContaining('status must be >= 200, got 100'), expect.stringContaining("header 'X-A'")]);
});

test('a closed node leaves no socket and no timer behind', async () => {
  const held = (): number => process.getActiveResourcesInfo().filter((kind) => /TCP|Timeout|Pipe/.test(kind)).length;
  const round = async (uniqueId: string): Promise<void> => {
    const node = await devNode({ pingIntervalMs: 20, extensionTimeoutMs: 60_000 });
    const scripted = await scriptedExtension({
      answer: ({ path }) => (path === '/never' ? new Promise<never>(() => undefined) : answerOf(path)),
    });
    await initialise(node, { port: scripted.port, uniqueId });
    const channel = await scripted.initialised;
    await channel.call(registerRestActions, { uniqueId, restActions: ['GET /a a', 'GET /never never'] });
    await rest(node, 'GET', `/_extensions/_${uniqueId}/a`);
    node.faults.set({ delayMs: 5 });
    const given = rest(node, 'GET', `/_extensions/_${uniqueId}/never`).catch(() => 'gone');
    await expect.poll(() => scripted.server.inFlight).toBe(1);
    await Promise.all([node.close(), given]);
    await closeAll();
  };
  await round('first');
  const before = held();
  for (let i = 0; i < 3; i++) await round(`r${i}`);
  await expect.poll(held).toBeLessThanOrEqual(before);
});

function answerOf(path: string) {
  return { status: 'OK', contentType: 'text/plain', content: Buffer.from(path) } as const;
}
