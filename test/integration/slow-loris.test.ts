import { afterEach, describe, expect, test } from 'vitest';
import { createServer, defineAction, empty, type Server, type ServerEvent, stream, string, struct, vLong } from '../../src/index.ts';
import { PING } from '../../src/protocol/frame/native/fixed-header.ts';
import { rawFrame, requestHeader, vInt } from '../support/raw-frame.ts';
import { HANDSHAKE, RawPeer, until } from '../support/raw-peer.ts';

const SHORT_MS = 120;
const echo = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }) });
const upload = defineAction({ name: 'demo:upload', request: struct({ content: stream() }), response: struct({ bytes: vLong }) });
const ignored = defineAction({ name: 'demo:ignored', request: struct({ content: stream() }), response: empty });
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

interface Loris {
  readonly server: Server;
  readonly events: ServerEvent[];
  /** What handlers of uploads failed with. */
  readonly failures: unknown[];
  dial(): Promise<RawPeer>;
}

async function serve(times: { handshakeTimeoutMs?: number; stallTimeoutMs?: number }): Promise<Loris> {
  const events: ServerEvent[] = [];
  const failures: unknown[] = [];
  const server = createServer({ ...times, onEvent: (event) => events.push(event) });
  server.handle(echo, ({ text }) => ({ text }));
  server.handle(upload, async ({ content }) => {
    let bytes = 0;
    try {
      for await (const chunk of content) bytes += chunk.length;
    } catch (error) {
      failures.push(error);
    }
    return { bytes };
  });
  server.handle(ignored, () => new Promise<object>(() => undefined));
  const { port } = await server.listen(0);
  open.push({ close: () => server.close({ drainMs: 0 }) });
  const dial = async (): Promise<RawPeer> => {
    const peer = await RawPeer.dial(port);
    open.push(peer);
    return peer;
  };
  return { server, events, failures, dial };
}

function closings(events: readonly ServerEvent[]): unknown[] {
  return events.flatMap((event) => (event.type === 'channelClosed' ? [event.error] : []));
}

const request = (name: string, body: Buffer): Buffer => rawFrame({ id: 1n, status: 0, variable: requestHeader(name), body });
const echoFrame = request('demo:echo', Buffer.concat([Buffer.of(0), vInt(3000), Buffer.alloc(3000, 'x')]));
const largeFrame = request('demo:echo', Buffer.concat([Buffer.of(0), vInt(300_000), Buffer.alloc(300_000, 'x')]));
const uploadFrame = (name: string, size: number): Buffer =>
  request(name, Buffer.concat([Buffer.of(0), vInt(size), Buffer.alloc(size, 'x')]));

describe('a connection that never says anything', () => {
  test('is ended when the time for its first message is over', async () => {
    const { server, events, dial } = await serve({ handshakeTimeoutMs: SHORT_MS });
    const peer = await dial();
    const began = performance.now();
    await peer.gone();
    expect(performance.now() - began).toBeGreaterThan(SHORT_MS - 20);
    await until('the event', () => server.connections === 0);
    expect(closings(events)).toEqual([expect.objectContaining({ code: 'ERR_DEADLINE', phase: 'handshake' })]);
  });

  test('so is one that sends a few bytes of a message only', async () => {
    const { dial } = await serve({ handshakeTimeoutMs: SHORT_MS });
    const peer = await dial();
    peer.send(HANDSHAKE.subarray(0, 8));
    await peer.gone();
  });

  test('is left alone while another one of its host is in use: a node shakes hands on the first of thirteen', async () => {
    const { server, dial } = await serve({ handshakeTimeoutMs: SHORT_MS });
    const [first, ...others] = [await dial(), await dial(), await dial()];
    first.send(HANDSHAKE);
    await first.hear(1);
    await new Promise((resolve) => setTimeout(resolve, SHORT_MS * 3));
    expect([first, ...others].map(({ ended }) => ended)).toEqual([null, null, null]);
    first.close();
    await Promise.all(others.map((peer) => peer.gone()));
    expect(server.connections).toBe(0);
  });
});

describe('a connection that stops in the middle of a message', () => {
  test.each<[string, Buffer]>([
    ['two bytes', echoFrame.subarray(0, 2)],
    ['half a fixed header', echoFrame.subarray(0, 15)],
    ['half a variable header', echoFrame.subarray(0, 28)],
    ['half a small body', echoFrame.subarray(0, 1500)],
    ['half a large body', largeFrame.subarray(0, 150_000)],
    ['half a body nobody wants', request('demo:unknown', Buffer.alloc(3000)).subarray(0, 1500)],
    ['whole messages, then half of one', Buffer.concat([PING, echoFrame, echoFrame.subarray(0, 100)])],
  ])('is ended after %s, and what it held is given back', async (_name, bytes) => {
    const { server, events, dial } = await serve({ stallTimeoutMs: SHORT_MS });
    const peer = await dial();
    peer.send(HANDSHAKE, bytes);
    await peer.gone();
    await until('the event', () => server.connections === 0);
    expect(closings(events)).toEqual([expect.objectContaining({ code: 'ERR_CONNECTION_LOST' })]);
    expect(String(closings(events)[0])).toContain('in the middle of a message');
    expect(server.inFlight).toBe(0);
  });

  test('a reader of its upload is told', async () => {
    const { server, failures, dial } = await serve({ stallTimeoutMs: SHORT_MS });
    const peer = await dial();
    peer.send(HANDSHAKE, uploadFrame('demo:upload', 5000).subarray(0, 3000));
    await peer.gone();
    await until('the failure', () => failures.length === 1);
    expect(failures[0]).toMatchObject({
      code: 'ERR_CONNECTION_LOST',
      cause: { message: expect.stringContaining('in the middle of a message') },
    });
    await until('the end', () => server.inFlight === 0);
  });

  test('a byte now and then is no progress', async () => {
    const { server, dial } = await serve({ stallTimeoutMs: SHORT_MS });
    const peer = await dial();
    let at = 0;
    const timer = setInterval(() => peer.socket.write(echoFrame.subarray(at, ++at)), 10);
    open.push({ close: () => clearInterval(timer) });
    await peer.gone();
    clearInterval(timer);
    await until('the end', () => server.connections === 0);
  });
});

describe('what is never ended', () => {
  test('a quiet connection between messages', async () => {
    const { server, dial } = await serve({ handshakeTimeoutMs: SHORT_MS, stallTimeoutMs: SHORT_MS });
    const peer = await dial();
    peer.send(HANDSHAKE);
    await peer.hear(1);
    await new Promise((resolve) => setTimeout(resolve, SHORT_MS * 4));
    peer.send(echoFrame);
    await peer.hear(2);
    expect(server.connections).toBe(1);
  });

  test('a slow message that grows', async () => {
    const { dial } = await serve({ stallTimeoutMs: SHORT_MS });
    const peer = await dial();
    for (let at = 0; at < echoFrame.length; at += 300) {
      peer.send(echoFrame.subarray(at, at + 300));
      await new Promise((resolve) => setTimeout(resolve, SHORT_MS / 5));
    }
    expect(await peer.hear(1)).toHaveLength(1);
  });

  test('an upload that waits for its handler, not the other way round', async () => {
    const { server, dial } = await serve({ stallTimeoutMs: SHORT_MS });
    const peer = await dial();
    peer.send(uploadFrame('demo:ignored', 2_000_000));
    await until('the request', () => server.inFlight === 1);
    await new Promise((resolve) => setTimeout(resolve, SHORT_MS * 4));
    expect([peer.ended, server.connections]).toEqual([null, 1]);
  });
});
