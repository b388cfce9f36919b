import { afterEach, describe, expect, test } from 'vitest';
import {
  type Client,
  type ClientOptions,
  createClient,
  createServer,
  DeadlineError,
  defineAction,
  string,
  struct,
  TransportError,
} from '../../src/index.ts';
import { deflateBody } from '../../src/protocol/frame/native/compression.ts';
import { PING } from '../../src/protocol/frame/native/fixed-header.ts';
import { encodeMessage, type Message } from '../../src/protocol/frame/native/message.ts';
import { rawFrame, requestHeader, vInt } from '../support/raw-frame.ts';
import { HANDSHAKE, HANDSHAKE_ANSWER, type RawPeer, rawServer, until, withId } from '../support/raw-peer.ts';
import { type Script, scriptedNode, shakeHands } from '../support/scripted-node.ts';

const MIB = 1024 * 1024;
const echo = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }) });
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

function clientOf(port: number, options: Partial<ClientOptions> = {}): Client {
  const client = createClient({ nodes: [`127.0.0.1:${port}`], reconnect: false, timeoutMs: 5000, ...options });
  open.push({ close: () => client.close({ drainMs: 0 }) });
  return client;
}

async function pair(script: Script, options: Partial<ClientOptions> = {}, handshake?: Script) {
  const node = await scriptedNode(script, handshake);
  open.push(node);
  return { node, client: clientOf(node.port, options) };
}

function failure(promise: Promise<unknown>): Promise<TransportError> {
  return promise.then(
    () => {
      throw new Error('it was answered');
    },
    (error: TransportError) => error,
  );
}

function answer(id: bigint, words: string, status = 1): Buffer {
  const body = Buffer.concat([vInt(words.length), Buffer.from(words)]);
  return rawFrame({ id, status, body: (status & 4) === 0 ? body : deflateBody(body) });
}

/** The text an echo request carries, behind its task id. */
function textOf({ body }: Message): string {
  return body.toString('latin1', 2);
}

describe('answers', () => {
  test('unknown ids, duplicates, ids wrong above bit 31, surplus bits: each call gets its own', async () => {
    const { client } = await pair((peer, request) => {
      const id = request.requestId;
      peer.send(answer(id + 2n ** 32n, 'wrong'), answer(id + 1_000_000n, 'wrong'), answer(-id, 'wrong'), answer(2n ** 60n, 'wrong'));
      peer.send(answer(id, textOf(request), 0xf1), answer(id, 'again'), answer(id, 'and again', 3), PING);
    });
    const texts = Array.from({ length: 200 }, (_, i) => `text ${i}`);
    const answers = await Promise.all(texts.map((text) => client.call(echo, { text })));
    expect(answers.map(({ text }) => text)).toEqual(texts);
    await until('strays', () => client.strayAnswers.unknown === 200 * 6);
    expect(client.strayAnswers.late).toBe(0);
  });

  test('in reverse order, one byte at a time, on top of each other', async () => {
    const waiting: Message[] = [];
    const { client } = await pair((peer, request) => {
      waiting.push(request);
      if (waiting.length < 20) return;
      const all = Buffer.concat(waiting.reverse().map((one) => answer(one.requestId, textOf(one))));
      for (let at = 0; at < all.length; at++) peer.socket.write(all.subarray(at, at + 1));
    });
    const texts = Array.from({ length: 20 }, (_, i) => `text ${i}`);
    expect((await Promise.all(texts.map((text) => client.call(echo, { text })))).map(({ text }) => text)).toEqual(texts);
  });

  test('compressed though nobody asked, and plain though it was asked compressed', async () => {
    const { client } = await pair((peer, request) => peer.send(answer(request.requestId, textOf(request), request.compressed ? 1 : 5)));
    expect(await client.call(echo, { text: 'plain' })).toEqual({ text: 'plain' });
    expect(await client.call(echo, { text: 'compressed' }, { compress: true })).toEqual({ text: 'compressed' });
  });

  test.each<[string, (id: bigint) => Buffer, string]>([
    ['an error of garbage', (id) => rawFrame({ id, status: 3, body: Buffer.from('ffeeddccbbaa', 'hex') }), 'ERR_DECODE'],
    ['an error of nothing', (id) => rawFrame({ id, status: 3 }), 'ERR_DECODE'],
    ['a null error', (id) => rawFrame({ id, status: 3, body: Buffer.of(0) }), 'ERR_DECODE'],
    ['an error and compressed', (id) => rawFrame({ id, status: 7, body: deflateBody(Buffer.from('ffff', 'hex')) }), 'ERR_DECODE'],
    ['nothing', (id) => rawFrame({ id }), 'ERR_DECODE'],
    ['a giant string', (id) => rawFrame({ id, body: Buffer.from('ffffffff0761', 'hex') }), 'ERR_DECODE'],
    ['bytes behind the end', (id) => rawFrame({ id, body: Buffer.from('0161dead', 'hex') }), 'ERR_DECODE'],
    ['a stream that breaks off', (id) => rawFrame({ id, status: 5, body: deflateBody(Buffer.alloc(500)).subarray(0, -3) }), 'ERR_DECODE'],
    ['a bomb', (id) => rawFrame({ id, status: 5, body: deflateBody(Buffer.alloc(20 * MIB)) }), 'ERR_PAYLOAD_LIMIT'],
  ])('%s costs its call only', async (_name, bad, code) => {
    const limits = { maxInflatedBytes: 10 * MIB };
    const { client } = await pair(
      (peer, request) => peer.send(textOf(request) === 'bad' ? bad(request.requestId) : answer(request.requestId, 'good')),
      { limits },
    );
    const [first, second] = await Promise.all([failure(client.call(echo, { text: 'bad' })), client.call(echo, { text: 'good' })]);
    expect(first).toBeInstanceOf(TransportError);
    expect(first).toMatchObject({ code, delivery: 'answered', scope: 'call' });
    expect(second).toEqual({ text: 'good' });
    expect(await client.call(echo, { text: 'x' })).toEqual({ text: 'good' });
  });

  test.each<[string, (id: bigint) => Buffer]>([
    ['length 0', (id) => rawFrame({ id, length: 0 })],
    ['length -2', (id) => rawFrame({ id, length: -2 })],
    ['length 2^31 - 1', (id) => rawFrame({ id, length: 2 ** 31 - 1 })],
    ['length 12', (id) => rawFrame({ id, length: 12 })],
    ['X × 12', () => Buffer.alloc(12, 'X')],
    ['HTTP', () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['an HTTP request', () => Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['header count -1', (id) => rawFrame({ id, variable: Buffer.from('ffffffff0f00', 'hex') })],
    ['version 9.0.0', (id) => rawFrame({ id, version: 0x0889_54a3 })],
    ['version 0', (id) => rawFrame({ id, version: 0 })],
    ['compressed, another magic', (id) => rawFrame({ id, status: 5, body: Buffer.alloc(9, 1) })],
    ['compressed, corrupt', (id) => rawFrame({ id, status: 5, body: Buffer.from('44464c00ffffffff', 'hex') })],
  ])('%s ends the connection: every call in flight fails at once', async (_name, bad) => {
    const { client } = await pair((peer, request) => {
      if (textOf(request) === 'bad') peer.send(bad(request.requestId));
    });
    await client.connect();
    const began = performance.now();
    const calls = ['a', 'b', 'bad', 'c'].map((text) => failure(client.call(echo, { text })));
    for (const error of await Promise.all(calls)) {
      expect(error.code).toMatch(/^ERR_(CONNECTION_LOST|COMPRESSION)$/);
      expect(error.delivery).toBe('maybe-sent');
      if (error.code === 'ERR_CONNECTION_LOST') expect(error.cause).toMatchObject({ fault: 'protocol', scope: 'channel' });
    }
    expect(performance.now() - began).toBeLessThan(2000);
    expect(client.inFlight).toBe(0);
  });

  test('with the handshake bit an answer is not one', async () => {
    const { client } = await pair((peer, request) => peer.send(answer(request.requestId, 'no', 9), answer(request.requestId, 'yes')));
    expect(await client.call(echo, { text: 'x' })).toEqual({ text: 'yes' });
  });

  test('half an answer, then silence: that call times out, with what is known', async () => {
    const { client } = await pair((peer, request) => peer.send(answer(request.requestId, 'x'.repeat(50_000)).subarray(0, 40_000)));
    await client.connect();
    const error = await failure(client.call(echo, { text: 'x' }, { timeoutMs: 100 }));
    expect(error).toBeInstanceOf(DeadlineError);
    expect(error).toMatchObject({ phase: 'answer', delivery: 'maybe-sent' });
  });

  test.each(['end', 'reset'] as const)('the connection goes in the middle of an answer: %s', async (how) => {
    const { client } = await pair((peer, request) => {
      peer.send(answer(request.requestId, 'x'.repeat(50_000)).subarray(0, 40_000));
      setTimeout(() => (how === 'end' ? peer.socket.end() : peer.reset()), 20);
    });
    expect(await failure(client.call(echo, { text: 'x' }))).toMatchObject({ code: 'ERR_CONNECTION_LOST', delivery: 'maybe-sent' });
  });

  test('a hundred thousand answers nobody asked for', async () => {
    const { client } = await pair((peer, request) => {
      const noise = Buffer.concat(
        Array.from({ length: 100_000 }, (_, i) => rawFrame({ id: BigInt(1_000_000 + i), body: Buffer.alloc(i % 40) })),
      );
      peer.send(noise, answer(request.requestId, 'there'));
    });
    expect(await client.call(echo, { text: 'x' })).toEqual({ text: 'there' });
    expect(client.strayAnswers.unknown).toBe(100_000);
  });
});

describe('a server that asks', () => {
  test('gets an error for every request, whatever id it takes, and no ping back', async () => {
    const { client, node } = await pair((peer, request) => {
      peer.send(PING, rawFrame({ id: request.requestId, status: 0, variable: requestHeader('demo:callback'), body: Buffer.of(0) }), PING);
      setTimeout(() => peer.send(answer(request.requestId, 'done')), 20);
    });
    expect(await client.call(echo, { text: 'x' })).toEqual({ text: 'done' });
    const peer = node.peers[0] as RawPeer;
    await until('the refusal', () => peer.messages.some((one) => one !== 'ping' && one.error));
    expect(peer.messages).not.toContain('ping');
    expect(peer.messages.filter((one) => one !== 'ping' && one.error)).toHaveLength(1);
  });

  test.each<[string, (id: bigint) => Buffer]>([
    ['anything', (id) => rawFrame({ id, status: 0, variable: requestHeader('demo:callback'), body: Buffer.of(0) })],
    ['for handshakes', (id) => withId(HANDSHAKE, id)],
  ])('%s and never reads the answers, is left before they fill the memory', async (_what, ask) => {
    const asks = Buffer.concat(Array.from({ length: 1000 }, (_, i) => ask(BigInt(i))));
    const { client } = await pair(
      (peer) => {
        peer.socket.pause();
        const more = (): void => {
          if (peer.ended === null) peer.socket.write(asks, () => setImmediate(more));
        };
        more();
      },
      { maxBufferedBytes: MIB },
    );
    const error = await failure(client.call(echo, { text: 'x' }, { timeoutMs: 20_000 }));
    expect(error).toMatchObject({ code: 'ERR_CONNECTION_LOST', cause: { code: 'ERR_OVERLOADED' } });
  });

  test('a server that does not read lets calls be refused, not pile up', async () => {
    const { client, node } = await pair((peer) => peer.socket.pause(), { maxBufferedBytes: 4 * MIB });
    await client.connect();
    const text = 'x'.repeat(MIB);
    const codes = new Map<string, number>();
    const calls = Array.from({ length: 64 }, async () => {
      const error = await failure(client.call(echo, { text }));
      codes.set(`${error.code} ${error.delivery}`, (codes.get(`${error.code} ${error.delivery}`) ?? 0) + 1);
    });
    await until('refusals', () => codes.size > 0);
    node.peers[0]?.close();
    await Promise.all(calls);
    expect(codes.get('ERR_OVERLOADED not-sent')).toBeGreaterThan(10);
    expect([...codes.keys()].every((key) => key === 'ERR_OVERLOADED not-sent' || key.startsWith('ERR_CONNECTION_LOST'))).toBe(true);
  });
});

describe('handshakes', () => {
  const versionAnswer =
    (version: number, headerVersion?: number): Script =>
    (peer, { requestId, action }) => {
      if (action !== 'internal:tcp/handshake') return;
      const body = vInt(version);
      peer.send(rawFrame({ id: requestId, status: 9, body, ...(headerVersion === undefined ? {} : { version: headerVersion }) }));
    };

  test.each([
    ['1.0.0', 135_217_827],
    ['2.10.0', 0x0820_0b83],
    ['4.0.0', 0x083d_0a63],
    ['9.0.0', 0x0889_54a3],
    ['0', 0],
    ['legacy 7.9.99', 7_099_999],
  ])('a node of version %s is refused, with both versions named', async (_name, version) => {
    const { client, node } = await pair(() => undefined, {}, versionAnswer(version));
    const error = await failure(client.call(echo, { text: 'x' }));
    expect(error).toMatchObject({ code: 'ERR_VERSION', delivery: 'not-sent' });
    expect(error.message).toMatch(/runs .* we speak 3\.9\.0 and accept 2\.11\.0 up to but not including 4\.0\.0/);
    await (node.peers[0] as RawPeer).gone();
  });

  test.each([
    ['2.19.0', 136_407_827],
    ['2.0.0', 0x081e_84e3],
    ['1.0.0, as 3.x answers 2.x', 135_217_827],
    ['3.0.0', 137_217_827],
    ['unmasked 7.9.99', 7_099_999],
  ])('an answer with header %s is taken', async (_name, headerVersion) => {
    const { client } = await pair(
      (peer, request) => peer.send(answer(request.requestId, 'hi')),
      {},
      (peer, request) => (request.handshake ? versionAnswer(137_307_827, headerVersion)(peer, request) : shakeHands(peer, request)),
    );
    expect(await client.call(echo, { text: 'x' })).toEqual({ text: 'hi' });
  });

  test.each<[string, Script, RegExp]>([
    ['an error', (peer, { requestId }) => peer.send(rawFrame({ id: requestId, status: 3, body: Buffer.of(0) })), /handshake failed/],
    [
      'an error with the handshake bit',
      (peer, { requestId }) => peer.send(rawFrame({ id: requestId, status: 0x0b, body: Buffer.of(0) })),
      /handshake failed/,
    ],
    [
      'a trailing byte',
      (peer, { requestId }) => peer.send(rawFrame({ id: requestId, status: 9, body: Buffer.concat([vInt(137_307_827), Buffer.of(0)]) })),
      /1 byte is left after the end/,
    ],
    ['an empty body', (peer, { requestId }) => peer.send(rawFrame({ id: requestId, status: 9 })), /handshake failed/],
    [
      'a version of 9 in the header',
      (peer, { requestId }) => peer.send(rawFrame({ id: requestId, status: 9, version: 0x0889_54a3, body: vInt(137_307_827) })),
      /9\.0\.0/,
    ],
    ['garbage', (peer) => peer.send(Buffer.alloc(100, 'y')), /invalid internal transport message format/],
    ['the end', (peer) => peer.socket.end(), /connection reset/],
    ['a reset', (peer) => peer.reset(), /handshake failed|reset/],
    [
      'the end at the second handshake',
      (peer, request) => (request.handshake ? shakeHands(peer, request) : peer.socket.end()),
      /connection reset/,
    ],
    [
      'an error at the second handshake',
      (peer, request) => (request.handshake ? shakeHands(peer, request) : peer.send(rawFrame({ id: request.requestId, status: 3 }))),
      /handshake failed/,
    ],
  ])('%s instead of an answer fails at once, nothing was sent', async (_name, handshake, words) => {
    const { client } = await pair(() => undefined, {}, handshake);
    const began = performance.now();
    const errors = await Promise.all(Array.from({ length: 50 }, () => failure(client.call(echo, { text: 'x' }))));
    expect(performance.now() - began).toBeLessThan(2000);
    for (const error of errors) {
      expect(error.code).toMatch(/^ERR_(HANDSHAKE|VERSION|CONNECTION_LOST)$/);
      expect(error.delivery).toBe('not-sent');
      expect(error.message).toMatch(words);
    }
  });

  test('silence is a deadline of the handshake', async () => {
    const { client, node } = await pair(
      () => undefined,
      { connectTimeoutMs: 100 },
      () => undefined,
    );
    const error = await failure(client.call(echo, { text: 'x' }));
    expect(error).toMatchObject({ code: 'ERR_DEADLINE', phase: 'handshake', delivery: 'not-sent' });
    expect(error.message).toContain(
      'handshake_timeout[100ms]: TCP is up and the peer did not answer the handshake; a REST port (9200) never does',
    );
    await (node.peers[0] as RawPeer).gone();
  });

  test('silence behind the first answer is no REST port', async () => {
    const { client } = await pair(
      () => undefined,
      { connectTimeoutMs: 100 },
      (peer, { requestId, action }) => {
        if (action === 'internal:tcp/handshake') peer.send(withId(HANDSHAKE_ANSWER, requestId));
      },
    );
    const error = await failure(client.call(echo, { text: 'x' }));
    expect(error).toMatchObject({ code: 'ERR_DEADLINE', phase: 'handshake', delivery: 'not-sent' });
    expect(error.message).toMatch(/handshake_timeout\[100ms\]: only the first of two handshakes was answered$/);
  });

  test("silence is the call's deadline when that is nearer", async () => {
    const { client } = await pair(
      () => undefined,
      {},
      () => undefined,
    );
    expect(await failure(client.call(echo, { text: 'x' }, { timeoutMs: 50 }))).toMatchObject({
      code: 'ERR_DEADLINE',
      delivery: 'not-sent',
      message: expect.stringMatching(
        / is connecting: TCP is up and the peer did not answer the handshake; a REST port \(9200\) never does$/,
      ),
    });
  });

  test('an answer with another id, or without the handshake bit, is not one', async () => {
    const { client } = await pair(
      (peer, request) => peer.send(answer(request.requestId, 'hi')),
      {},
      (peer, request) => {
        if (request.handshake)
          peer.send(withId(HANDSHAKE_ANSWER, request.requestId + 1n), rawFrame({ id: request.requestId, body: vInt(0) }));
        shakeHands(peer, request);
      },
    );
    expect(await client.call(echo, { text: 'x' })).toEqual({ text: 'hi' });
  });

  test('another cluster', async () => {
    const { client } = await pair(() => undefined, { clusterName: 'mine' });
    const error = await failure(client.call(echo, { text: 'x' }));
    expect(error).toMatchObject({ code: 'ERR_CLUSTER_MISMATCH', delivery: 'not-sent' });
    expect(error.message).toMatch(/remote cluster name \[.+\] does not match \[mine\]/);
  });

  test('a node with names of a mebibyte: their beginning is kept', async () => {
    const server = createServer({ nodeName: 'n'.repeat(MIB), clusterName: 'c'.repeat(MIB) });
    open.push(server);
    const { port } = await server.listen(0);
    const client = clientOf(port);
    await client.connect();
    expect(client.nodes).toMatchObject([{ name: `${'n'.repeat(256)}…`, clusterName: `${'c'.repeat(256)}…` }]);
    const error = await failure(clientOf(port, { clusterName: 'mine' }).connect());
    expect(error).toMatchObject({ code: 'ERR_CLUSTER_MISMATCH' });
    expect(error.message.length).toBeLessThan(1000);
    await clientOf(port, { clusterName: 'c'.repeat(MIB) }).connect();
  });

  test('an HTTP server on the port is told from a node', async () => {
    const server = await rawServer((peer) => peer.send(Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')));
    open.push(server);
    const error = await failure(clientOf(server.port).call(echo, { text: 'x' }));
    expect(error.message).toContain('ensure that transport port (not HTTP port) of a remote node is specified');
    expect(error).toMatchObject({ code: 'ERR_HANDSHAKE', delivery: 'not-sent' });
  });

  test('a TLS port is told from a node', async () => {
    const server = await rawServer((peer) => {
      peer.send(Buffer.from('15030300020246', 'hex'));
      peer.socket.end();
    });
    open.push(server);
    const error = await failure(clientOf(server.port).call(echo, { text: 'x' }));
    expect(error.message).toContain('the peer expects TLS');
    expect(error).toMatchObject({ code: 'ERR_HANDSHAKE', delivery: 'not-sent' });
  });

  test('nobody there', async () => {
    const server = await rawServer(() => undefined);
    await server.close();
    const errors = await Promise.all(Array.from({ length: 100 }, () => failure(clientOf(server.port).call(echo, { text: 'x' }))));
    for (const error of errors) expect(error).toMatchObject({ code: 'ERR_DIAL', delivery: 'not-sent' });
  });
});

test('headers that cannot be written, and timeouts that are none, are errors of the caller', async () => {
  const { client } = await pair((peer, request) => peer.send(answer(request.requestId, 'hi')));
  expect(await client.call(echo, { text: 'x' })).toEqual({ text: 'hi' });
  for (const timeoutMs of [Number.NaN, 0, -1]) {
    expect(await failure(client.call(echo, { text: 'x' }, { timeoutMs }))).toMatchObject({ code: 'ERR_USAGE', delivery: 'not-sent' });
  }
  expect(await failure(client.call(echo, { text: 'x' }, { headers: { a: 7 as never } }))).toMatchObject({
    code: 'ERR_USAGE',
    delivery: 'not-sent',
  });
  expect(await failure(client.call(echo, { text: 7 as never }))).toMatchObject({ code: 'ERR_USAGE', delivery: 'not-sent' });
  expect(await client.call(echo, { text: 'x' })).toEqual({ text: 'hi' });
  expect(client.inFlight).toBe(0);
});

test('what we send is what a node reads', async () => {
  const { client, node } = await pair((peer, request) => peer.send(answer(request.requestId, 'hi')));
  await client.call(echo, { text: 'hé' }, { headers: { 'X-Opaque-Id': 'me' } });
  const [request] = node.requests;
  expect(request).toMatchObject({ action: 'demo:echo', requestHeaders: { 'X-Opaque-Id': 'me' }, version: 137_307_827, compressed: false });
  const wire = encodeMessage(request as Message);
  expect((node.peers[0] as RawPeer).received.subarray(-wire.length).equals(wire)).toBe(true);
});
