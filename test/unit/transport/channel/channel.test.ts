import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  bytes,
  type Client,
  type ClientOptions,
  type Codec,
  createClient,
  createServer,
  defineAction,
  type Server,
  type ServerEvent,
  type ServerOptions,
  stream,
  string,
  struct,
  type TransportError,
} from '../../../../src/index.ts';
import { deflateBody } from '../../../../src/protocol/frame/native/compression.ts';
import type { Carrier, LinkAcceptor, LinkSink } from '../../../../src/transport/carrier/link.ts';
import { memoryCarrier } from '../../../../src/transport/carrier/memory.ts';
import { tempo } from '../../../../src/transport/channel/tempo.ts';
import { encodeMessage, type Message, MessageReader } from '../../../../src/protocol/frame/native/message.ts';
import { V_3_9_0 } from '../../../../src/protocol/wire/version.ts';
import { rawFrame, requestHeader } from '../../../support/raw-frame.ts';
import { until } from '../../../support/raw-peer.ts';

const MIB = 1024 * 1024;
const echo = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }) });
const blob = defineAction({ name: 'demo:blob', request: struct({ body: bytes }), response: struct({ size: string }) });
const upload = defineAction({
  name: 'demo:upload',
  request: struct({ name: string, content: stream() }),
  response: struct({ text: string }),
});
const open: { close(options: { drainMs: number }): Promise<void> }[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  for (const one of open.splice(0).reverse()) await one.close({ drainMs: 0 });
});

/** A bare end of a memory link that reads frames. */
class Peer implements LinkSink {
  readonly #reader = new MessageReader();
  readonly heard: (Message | 'ping')[] = [];
  over = false;

  onBytes(chunk: Buffer): void {
    this.heard.push(...this.#reader.push(chunk));
  }

  readTarget(): null {
    return null;
  }

  onFilled(): void {}

  onDrain(): void {}

  onClose(): void {
    this.over = true;
  }
}

async function setUp(serverOptions: ServerOptions = {}, clientOptions: Partial<ClientOptions> = {}) {
  const carrier = memoryCarrier();
  const events: ServerEvent[] = [];
  const server = createServer({ carrier, onEvent: (event) => events.push(event), ...serverOptions });
  open.push(server);
  server.handle(echo, ({ text }) => ({ text }));
  server.handle(blob, async ({ body }) => ({ size: String(body.length) }));
  server.handle(upload, async ({ name, content }) => {
    let size = 0;
    for await (const chunk of content) size += chunk.length;
    return { text: `${name} ${size}` };
  });
  const endpoint = await server.listen(0);
  const client = createClient({ nodes: [`127.0.0.1:${endpoint.port}`], carrier, reconnect: false, timeoutMs: 5000, ...clientOptions });
  open.push(client);
  const dial = async (): Promise<{ peer: Peer; send: (...frames: Buffer[]) => void }> => {
    const peer = new Peer();
    const link = await carrier.dial(endpoint, () => peer);
    return { peer, send: (...frames) => frames.forEach((frame) => link.write(frame)) };
  };
  return { server, client, events, dial };
}

function failure(promise: Promise<unknown>): Promise<TransportError> {
  return promise.then(
    () => {
      throw new Error('it was answered');
    },
    (error: TransportError) => error,
  );
}

describe('channels of a quiet process', () => {
  async function counting(
    options: Partial<ClientOptions> = {},
  ): Promise<{ client: Client; writesOf: (round: () => Promise<unknown>) => Promise<number[]> }> {
    vi.spyOn(tempo, 'count').mockImplementation(() => undefined);
    tempo.quiet = true;
    const inner = memoryCarrier();
    const writes = { client: 0, server: 0 };
    const counted =
      (by: keyof typeof writes, accept: LinkAcceptor): LinkAcceptor =>
      (link) => {
        const write = link.write.bind(link);
        link.write = (...written) => {
          writes[by]++;
          return write(...written);
        };
        return accept(link);
      };
    const carrier: Carrier = {
      name: inner.name,
      listen: (where, accept, onError) => inner.listen(where, counted('server', accept), onError),
      dial: (endpoint, accept, dialling) => inner.dial(endpoint, counted('client', accept), dialling),
    };
    const { client } = await setUp({ carrier }, { carrier, ...options });
    for (let i = 0; i < 10; i++) await client.call(echo, { text: 'x' });
    const writesOf = async (round: () => Promise<unknown>): Promise<number[]> => {
      Object.assign(writes, { client: 0, server: 0 });
      await round();
      return [writes.client, writes.server];
    };
    return { client, writesOf };
  }

  const together = (client: Client, count: number): Promise<unknown> =>
    Promise.all(Array.from({ length: count }, () => client.call(echo, { text: 'x' })));

  test('write lone calls and their answers at once, those made together in one go', async () => {
    const { client, writesOf } = await counting();
    expect(await writesOf(() => client.call(echo, { text: 'x' }))).toEqual([1, 1]);
    // The first of them could not know that others follow.
    expect(await writesOf(() => together(client, 10))).toEqual([2, 2]);
    for (let i = 0; i < 10; i++) expect(await writesOf(() => together(client, 2 + i))).toEqual([1, 1]);
  });

  test('share a write where there are several', async () => {
    const { client, writesOf } = await counting({ profile: { reg: 4 } });
    for (let i = 0; i < 10; i++) expect(await writesOf(() => together(client, 6))).toEqual([1, 1]);
  });
});

describe('handlers that do strange things are answered all the same', () => {
  const strange = defineAction({ name: 'demo:strange', request: struct({}), response: struct({ text: string }) });

  // oxlint-disable-next-line unicorn/no-thenable -- what a handler may return is the point
  const thenable = (then: (resolve: unknown, reject: (error: Error) => void) => void): unknown => ({ then });
  const fails = (text: string) => (): never => {
    throw new Error(text);
  };
  const rejectsTwice = (_: unknown, reject: (error: Error) => void): void => {
    reject(new Error('once'));
    reject(new Error('twice'));
  };

  async function answersTo(
    handler: Parameters<Server['handle']>[1],
  ): Promise<{ error: TransportError; client: Client; server: Server; events: ServerEvent[] }> {
    const { server, client, events } = await setUp({ limits: { maxFrameBytes: MIB } });
    server.handle(strange, handler as never);
    const error = await failure(client.call(strange, {}));
    expect(error.delivery).toBe('answered');
    expect(await client.call(echo, { text: 'x' })).toEqual({ text: 'x' });
    await until('nothing in flight', () => server.inFlight === 0);
    return { error, client, server, events };
  }

  test.each<[string, () => unknown, RegExp]>([
    [
      'an answer of another shape',
      () => ({ text: 7 }),
      /^illegal_state_exception: the handler of demo:\w+ returned an invalid answer: text: /,
    ],
    ['an answer without a field', () => ({}), /returned an invalid answer: text: the value is missing: expected a string$/],
    [
      'no answer',
      () => undefined,
      /^illegal_state_exception: the handler of demo:\w+ returned an invalid answer: expected an object with text$/,
    ],
    ['an answer that is too large', () => ({ text: 'x'.repeat(2 * MIB) }), /maxFrameBytes/],
    ['an error that is too large', () => Promise.reject(new Error('x'.repeat(2 * MIB))), /maxFrameBytes/],
    ['nothing thrown', () => Promise.reject(undefined), /./],
    ['a thenable that throws', () => thenable(fails('no then')), /no then/],
    // oxlint-disable-next-line unicorn/no-thenable -- as above
    ['an answer whose `then` throws', () => Object.defineProperty({}, 'then', { get: fails('no getter') }), /no getter/],
    ['a thenable that calls back twice', () => thenable(rejectsTwice), /once/],
  ])('%s', async (_name, handler, words) => {
    const { error } = await answersTo(handler as never);
    expect(error.message).toMatch(words);
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['something without a text', Object.create(null)],
  ])('codecs that throw %s', async (_what, thrown) => {
    const throws = (): never => {
      throw thrown;
    };
    const throwing: Codec<null, null> = { schema: { kind: 'custom', name: 'throwing' }, read: throws, write: throws };
    const nothing: Codec<null, null> = { schema: { kind: 'custom', name: 'nothing' }, read: () => null, write: () => undefined };
    const { server, client } = await setUp();
    const actions = { written: defineAction({ name: 'demo:written', request: nothing, response: throwing }) };
    const received = defineAction({ name: 'demo:received', request: throwing, response: nothing });
    server.handle(actions.written, () => null);
    server.handle(received, () => null);
    const remotely = [actions.written, defineAction({ name: 'demo:received', request: nothing, response: nothing })];
    for (const action of remotely) expect(await failure(client.call(action, null))).toMatchObject({ code: 'ERR_REMOTE' });
    expect(await failure(client.call(received, null))).toMatchObject({ code: 'ERR_USAGE' });
    server.handle(defineAction({ name: 'demo:answered', request: nothing, response: nothing }), () => null);
    const answered = defineAction({ name: 'demo:answered', request: nothing, response: throwing });
    expect(await failure(client.call(answered, null))).toMatchObject({ code: 'ERR_DECODE' });
    await until('nothing in flight', () => server.inFlight === 0);
    expect(client.inFlight).toBe(0);
  });

  test('a response header that is none', async () => {
    const { error, events } = await answersTo(((_request: unknown, context: { addResponseHeader(name: string, value: unknown): void }) => {
      context.addResponseHeader('Warning', 7);
      return { text: 'x' };
    }) as never);
    expect(error.code).toBe('ERR_REMOTE');
    expect(events.some(({ type }) => type === 'handlerFailed')).toBe(true);
  });
});

describe('response headers of a handler', () => {
  const warned = defineAction({ name: 'demo:warned', request: struct({ fails: string }), response: struct({ text: string }) });

  async function warning(options: Partial<ClientOptions> = {}): Promise<Client> {
    const { server, client } = await setUp({}, options);
    server.handle(warned, ({ fails }, context) => {
      context.addResponseHeader('Warning', 'one');
      context.addResponseHeader('Warning', 'two');
      context.addResponseHeader('X-Took', '3');
      if (fails !== '') throw new Error(fails);
      return { text: 'x' };
    });
    return client;
  }

  test.each<[string, Partial<ClientOptions>]>([
    ['', {}],
    ['through interceptors', { interceptors: [(next) => (call) => next(call)] }],
    ['when calls are counted', { metrics: true }],
  ])('reach the caller who asks for them %s', async (_what, options) => {
    const client = await warning(options);
    const heard: unknown[] = [];
    const onResponseHeaders = (headers: object): void => void heard.push({ ...headers });
    expect(await client.call(warned, { fails: '' }, { onResponseHeaders })).toEqual({ text: 'x' });
    expect(await failure(client.call(warned, { fails: 'no' }, { onResponseHeaders }))).toMatchObject({ code: 'ERR_REMOTE' });
    await client.call(echo, { text: 'x' }, { onResponseHeaders });
    await client.call(warned, { fails: '' });
    expect(heard).toEqual([{ Warning: ['one', 'two'], 'X-Took': ['3'] }, { Warning: ['one', 'two'], 'X-Took': ['3'] }, {}]);
    if (options.metrics === true)
      expect(client.metrics.map(({ action, calls }) => [action, calls])).toEqual([
        ['demo:echo', 1],
        ['demo:warned', 3],
      ]);
  });

  test('do no harm when the listener throws', async () => {
    const client = await warning();
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const onResponseHeaders = fails;
    expect(await client.call(warned, { fails: '' }, { onResponseHeaders })).toEqual({ text: 'x' });
    expect(warnings.mock.calls[0]?.[0]).toMatch(/onResponseHeaders failed: no headers, please/);
  });

  function fails(): never {
    throw new Error('no headers, please');
  }
});

describe('large compressed bodies', () => {
  const big = (size: number): Buffer =>
    rawFrame({ id: 1n, status: 4, variable: requestHeader('demo:blob'), body: deflateBody(blobBody(size)) });

  function blobBody(size: number): Buffer {
    const message = encodeMessage({
      request: true,
      requestId: 1n,
      version: V_3_9_0,
      body: Buffer.concat([Buffer.of(0), vLength(size), text(size)]),
    });
    return message.subarray(message.length - size - 1 - vLength(size).length);
  }

  /** Bytes that compress about as well as JSON. */
  function text(size: number): Buffer {
    return Buffer.alloc(size, Array.from({ length: 500 }, (_, i) => `"field ${i}": ${i * i},`).join(''));
  }

  function vLength(size: number): Buffer {
    const length: number[] = [];
    let rest = size;
    for (; rest >= 128; rest >>>= 7) length.push((rest & 127) | 128);
    return Buffer.from([...length, rest]);
  }

  test('nothing is read while one is inflated: answers come in order, charges go back', async () => {
    const { server, dial } = await setUp();
    const { peer, send } = await dial();
    send(
      ...[1, 2, 3].flatMap(() => [
        big(5 * MIB),
        rawFrame({ id: 2n, status: 0, variable: requestHeader('demo:echo'), body: Buffer.from('000161', 'hex') }),
      ]),
    );
    await until('six answers', () => peer.heard.length === 6);
    expect(peer.heard.map((one) => one !== 'ping' && [one.requestId, one.error])).toEqual(
      [1, 2, 3].flatMap(() => [
        [1n, false],
        [2n, false],
      ]),
    );
    await until('nothing in flight', () => server.inFlight === 0);
  });

  test('what does not fit once it is inflated is refused, and nothing stays charged', async () => {
    const { server, client } = await setUp({ maxInFlightBytes: 4 * MIB }, { compress: true });
    const sizes = [3 * MIB, 5 * MIB, MIB / 2];
    const ends = await Promise.all(
      sizes.map((size) =>
        client.call(blob, { body: text(size) }).then(
          ({ size: text }) => text,
          (error: TransportError) => error.message,
        ),
      ),
    );
    expect(ends[0]).toBe(String(3 * MIB));
    expect(ends[1]).toContain('Data too large');
    expect(ends[2]).toBe(String(MIB / 2));
    await until('nothing in flight', () => server.inFlight === 0);
    for (let i = 0; i < 5; i++) expect(await client.call(blob, { body: text(3 * MIB) })).toEqual({ size: String(3 * MIB) });
  });

  test('a drain waits for a request that is being inflated', async () => {
    const { server, client } = await setUp({}, { compress: true });
    await client.connect();
    const answer = client.call(blob, { body: text(20 * MIB) });
    await until('it', () => server.inFlight === 1);
    await server.close({ drainMs: 5000 });
    expect(await answer).toEqual({ size: String(20 * MIB) });
  });

  test('a connection that goes meanwhile leaves nothing charged', async () => {
    const { server, client } = await setUp({}, { compress: true });
    await client.connect();
    const lost = [1, 2, 3, 4].map(() => failure(client.call(blob, { body: text(20 * MIB) })));
    await until('it', () => server.inFlight > 0);
    client.abort();
    for (const error of await Promise.all(lost)) expect(error.code).toBe('ERR_CONNECTION_LOST');
    await until('nothing in flight', () => server.inFlight === 0);
  });
});

describe('requests that end before their stream begins', () => {
  test.each(['', '00', '000161', '00016105', '0001610561', '000161ffffffff0f', '0001610361626364', '05', `00${'ff'.repeat(4)}07`])(
    '%s',
    async (hex) => {
      const { server, dial } = await setUp();
      const { peer, send } = await dial();
      send(rawFrame({ id: 7n, status: 0, variable: requestHeader('demo:upload'), body: Buffer.from(hex, 'hex') }));
      send(rawFrame({ id: 8n, status: 0, variable: requestHeader('demo:upload'), body: Buffer.from('00016103616263', 'hex') }));
      await until('both answers', () => peer.heard.length === 2);
      expect(peer.heard).toMatchObject([
        { requestId: 7n, error: true },
        { requestId: 8n, error: false, body: Buffer.from('\x03a 3') },
      ]);
      await until('nothing in flight', () => server.inFlight === 0);
    },
  );

  test('an answer without its stream fails its call at once', async () => {
    const download = defineAction({ name: 'demo:download', request: struct({}), response: struct({ content: stream() }) });
    const empty = defineAction({ name: 'demo:download', request: struct({}), response: struct({}) });
    const { server, client } = await setUp();
    server.handle(empty, () => ({}));
    expect(await failure(client.call(download, {}))).toMatchObject({ code: 'ERR_DECODE' });
    expect(await client.call(echo, { text: 'x' })).toEqual({ text: 'x' });
  });
});

test('nor is one that inflates to many megabytes', async () => {
  const { server, dial } = await setUp({ maxInFlightBytes: 8 * MIB });
  const { peer, send } = await dial();
  send(rawFrame({ id: 1n, status: 12, variable: requestHeader('internal:tcp/handshake'), body: deflateBody(Buffer.alloc(9 * MIB)) }));
  await until('the refusal', () => peer.heard.length === 1);
  expect(peer.heard).toMatchObject([{ error: true }]);
  expect((peer.heard[0] as Message).body.toString('latin1')).toContain('Data too large');
  expect(server.inFlight).toBe(0);
});

test('a handshake of many megabytes is not served whatever is in flight', async () => {
  const { server, dial } = await setUp({ maxInFlightBytes: 8 * MIB });
  const { peer, send } = await dial();
  send(rawFrame({ id: 1n, status: 8, variable: requestHeader('internal:tcp/handshake'), body: Buffer.alloc(9 * MIB) }));
  await until('the refusal', () => peer.heard.length === 1);
  expect(peer.heard).toMatchObject([{ error: true }]);
  expect(server.inFlight).toBe(0);
});
