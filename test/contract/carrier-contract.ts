import { getEventListeners } from 'node:events';
import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { ConnectionLostError, DialError } from '../../src/protocol/error/transport-error.ts';
import type { Carrier, DialOptions, LinkAcceptor, Listener } from '../../src/transport/carrier/link.ts';
import { patterned, RecordingEnd, until } from './recording-end.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** A carrier and how to make it. */
export interface CarrierUnderTest {
  readonly secure: boolean;
  /** Makes a carrier that both dials and listens. */
  readonly create: (options: { lingerMs?: number }) => Carrier;
}

/** What every carrier does, whatever the medium. */
export function carrierContract(name: string, { secure, create }: CarrierUnderTest): void {
  describe(`${name} keeps the carrier contract`, () => {
    const listeners: Listener[] = [];
    const ends: RecordingEnd[] = [];

    afterEach(async () => {
      const [doneEnds, doneListeners] = [ends.splice(0), listeners.splice(0)];
      const linked = doneEnds.filter(({ hasLink }) => hasLink);
      for (const end of linked) end.link.abort();
      await Promise.all(doneListeners.map((listener) => listener.close()));
      await until('every link is over', () => linked.every(({ closes }) => closes.length > 0));
      await until('no socket is left', () => socketsLeft() === 0);
      expect(linked.flatMap(({ faults }) => faults)).toEqual([]);
      expect(linked.filter(({ closes }) => closes.length !== 1)).toEqual([]);
    });

    function newEnd(): RecordingEnd {
      const end = new RecordingEnd();
      ends.push(end);
      return end;
    }

    /** The first link goes to `end`, each later one to an end of its own. */
    function acceptInto(end: RecordingEnd): LinkAcceptor {
      return (link) => (end.hasLink ? newEnd() : end).accept(link);
    }

    async function listen(carrier: Carrier, end: RecordingEnd, host = '127.0.0.1'): Promise<Listener> {
      const listener = await carrier.listen({ port: 0, host }, acceptInto(end));
      listeners.push(listener);
      return listener;
    }

    interface Pair {
      readonly carrier: Carrier;
      readonly listener: Listener;
      readonly client: RecordingEnd;
      readonly server: RecordingEnd;
    }

    async function connect(options: { lingerMs?: number; prepare?: (pair: Omit<Pair, 'listener'>) => void } = {}): Promise<Pair> {
      const carrier = create(options.lingerMs === undefined ? {} : { lingerMs: options.lingerMs });
      const pair = { carrier, client: newEnd(), server: newEnd() };
      options.prepare?.(pair);
      const listener = await listen(carrier, pair.server);
      await carrier.dial(listener.endpoint, pair.client.accept);
      await until('the link is accepted', () => pair.server.hasLink);
      return { ...pair, listener };
    }

    test('port 0 takes a free port, and both ends know each other', async () => {
      const { listener, client, server } = await connect();
      expect(listener.endpoint).toEqual({ host: '127.0.0.1', port: expect.any(Number) });
      expect(listener.endpoint.port).toBeGreaterThan(0);
      expect(client.link.remote).toEqual(listener.endpoint);
      expect(server.link.local).toEqual(listener.endpoint);
      expect(server.link.remote).toEqual(client.link.local);
    });

    test('a link says what it can do', async () => {
      const { client, server } = await connect();
      const able = { ordered: true, reliable: true, duplex: true, boundaries: false, maxMessageBytes: Number.POSITIVE_INFINITY, secure };
      expect([client.link.capabilities, server.link.capabilities]).toEqual([able, able]);
      expect([client.link.framing, server.link.framing]).toEqual(['native', 'native']);
    });

    test('bytes travel both ways', async () => {
      const { client, server } = await connect();
      server.onChunk = (chunk) => void server.link.write(Buffer.from(chunk));
      client.link.write(Buffer.from('there and back'));
      await until('the echo', () => client.received === 14);
      expect(client.bytes.toString()).toBe('there and back');
    });

    test('what an acceptor writes is the first thing to arrive', async () => {
      const { client, server } = await connect({
        prepare: (pair) => {
          pair.client.onLink = (link) => void link.write(Buffer.from('hello server'));
          pair.server.onLink = (link) => void link.write(Buffer.from('hello client'));
        },
      });
      await until('both greetings', () => client.received === 12 && server.received === 12);
      expect([client.bytes.toString(), server.bytes.toString()]).toEqual(['hello client', 'hello server']);
    });

    test('10 000 small writes arrive in order, and each is said to be written once', async () => {
      const { client, server } = await connect();
      const written = new Uint16Array(10_000);
      for (let i = 0; i < written.length; i++) {
        const bytes = Buffer.alloc(4);
        bytes.writeUInt32BE(i);
        client.link.write(bytes, () => {
          written[i] = (written[i] ?? 0) + 1;
          bytes.fill(0xff);
        });
      }
      await until('all of them', () => server.received === written.length * 4);
      const { bytes } = server;
      for (let i = 0; i < written.length; i++) expect(bytes.readUInt32BE(i * 4)).toBe(i);
      await until('every onWritten', () => written.every((count) => count === 1));
      expect(client.link.bufferedBytes).toBe(0);
    });

    test('memory may be used again when it is said to be written, and not before, while the reader is slow', async () => {
      const { client, server } = await connect();
      server.onChunk = () => server.pause();
      const pieces = 80;
      let written = 0;
      for (let i = 0; i < pieces; i++) {
        const piece = Buffer.alloc(100 * KIB, i + 1);
        client.link.write(piece, () => {
          written++;
          piece.fill(0xff);
        });
      }
      for (let left = pieces * 100 * KIB; left > 0; left = pieces * 100 * KIB - server.received) {
        const { received } = server;
        server.resume();
        await until('more', () => server.received > received);
      }
      await until('every onWritten', () => written === pieces);
      const { bytes } = server;
      for (let i = 0; i < pieces; i++)
        expect(bytes.subarray(i * 100 * KIB, (i + 1) * 100 * KIB).every((byte) => byte === i + 1)).toBe(true);
    });

    test('32 MiB pass under back-pressure', async () => {
      const { client, server } = await connect();
      const piece = patterned(64 * KIB);
      let refused = 0;
      let mostBuffered = 0;
      for (let sent = 0; sent < 32 * MIB; sent += piece.length) {
        const { drains } = client;
        if (!client.link.write(piece)) {
          refused++;
          mostBuffered = Math.max(mostBuffered, client.link.bufferedBytes);
          await until('onDrain', () => client.drains > drains);
        }
      }
      await until('all of it', () => server.received === 32 * MIB);
      const { bytes } = server;
      for (let at = 0; at < bytes.length; at += piece.length) {
        if (bytes.compare(piece, 0, piece.length, at, at + piece.length) !== 0) throw new Error(`the piece at ${at} is wrong`);
      }
      expect(client.link.bufferedBytes).toBe(0);
      if (refused > 0) expect(mostBuffered).toBeLessThanOrEqual(128 * KIB);
    });

    test('a writer is told to wait while the reader pauses, and to go on when it resumes', async () => {
      const { client, server } = await connect();
      const sent = patterned(16 * MIB);
      server.onChunk = () => server.pause();
      let accepted = true;
      for (let at = 0; at < sent.length; at += MIB) accepted = client.link.write(sent.subarray(at, at + MIB));
      expect(accepted).toBe(false);
      await until('the reader has paused', () => server.isPaused);
      const { received } = server;
      await sleep(50);
      expect(server.received).toBe(received);
      expect(client.link.bufferedBytes).toBeGreaterThan(0);
      expect(client.drains).toBe(0);
      server.onChunk = () => {};
      server.resume();
      await until('the rest', () => server.received === sent.length);
      await until('onDrain', () => client.drains > 0);
      expect(client.link.bufferedBytes).toBe(0);
      expect(server.bytes.equals(sent)).toBe(true);
    });

    test('a link paused by its acceptor delivers nothing until it resumes', async () => {
      const { client, server } = await connect({
        prepare: (pair) => {
          for (const end of [pair.client, pair.server]) end.onLink = () => end.pause();
        },
      });
      client.link.write(Buffer.from('up'));
      server.link.write(Buffer.from('down'));
      await sleep(30);
      expect([client.received, server.received]).toEqual([0, 0]);
      client.resume();
      server.resume();
      await until('both', () => client.received === 4 && server.received === 2);
    });

    test('corked writes wait and leave in order', async () => {
      const { client, server } = await connect();
      client.link.cork();
      client.link.write(Buffer.from('one '));
      client.link.write(Buffer.from('two '));
      await sleep(20);
      expect(server.received).toBe(0);
      expect(client.link.bufferedBytes).toBe(8);
      client.link.uncork();
      client.link.write(Buffer.from('three'));
      await until('all three', () => server.received === 13);
      expect(server.bytes.toString()).toBe('one two three');
    });

    test('bytes go where the sink wants them, in order', async () => {
      const { client, server } = await connect();
      const sent = patterned(300 * KIB);
      const body = Buffer.alloc(256 * KIB);
      let have = 0;
      // After the first bytes the sink wants a body in one piece; what follows the body takes the usual way again.
      server.target = () => (server.received > 0 && have < body.length ? body.subarray(have) : null);
      server.onChunk = () => {
        have = server.filled;
      };
      client.link.write(sent.subarray(0, 10));
      await until('the first bytes', () => server.received === 10);
      client.link.write(sent.subarray(10));
      await until('all of it', () => server.received === sent.length);
      expect(server.bytes.equals(sent)).toBe(true);
      expect(server.filled).toBeGreaterThanOrEqual(body.length - 64 * KIB);
      expect(server.filled).toBeLessThanOrEqual(body.length);
      expect(
        body
          .subarray(0, server.filled)
          .equals(sent.subarray(sent.indexOf(body.subarray(0, 64)), sent.indexOf(body.subarray(0, 64)) + server.filled)),
      ).toBe(true);
    });

    test('a sink may pause after every few bytes, with targets that are too small or have no room', async () => {
      const { client, server } = await connect();
      const sent = patterned(2_000);
      const target = Buffer.alloc(100);
      server.target = () => (server.received % 3 === 0 ? target : Buffer.alloc(0));
      server.onChunk = () => {
        server.pause();
        setImmediate(() => server.resume());
      };
      for (let at = 0; at < sent.length; at += 250) {
        client.link.write(sent.subarray(at, at + 250));
        await until('these bytes', () => server.received === at + 250);
      }
      expect(server.bytes.equals(sent)).toBe(true);
      expect(server.filled).toBeGreaterThan(0);
    });

    test('bytes do not change while they are lent, however busy the other links are', async () => {
      const { carrier, listener, client, server } = await connect();
      const second = newEnd();
      await carrier.dial(listener.endpoint, second.accept);
      await until('the second link', () => ends.length === 4 && ends.every(({ hasLink }) => hasLink));
      const busy = [...ends];
      for (const end of busy) {
        end.onChunk = (chunk) => {
          if (end.received < 200 * KIB) for (const { link } of busy) link.write(Buffer.from(chunk.subarray(0, 1_000)));
        };
      }
      for (const { link } of [client, server]) link.write(patterned(5_000));
      await until('traffic', () => busy.every(({ received }) => received >= 200 * KIB));
    });

    test('close() sends what is queued, and both ends hear of the end once', async () => {
      const { client, server } = await connect();
      const sent = patterned(8 * MIB);
      let written = false;
      client.link.write(sent, () => {
        written = true;
      });
      client.link.close();
      client.link.close();
      expect([await client.closed(), await server.closed()]).toEqual([null, null]);
      expect(server.bytes.equals(sent)).toBe(true);
      expect(written).toBe(true);
    });

    test('close() loses nothing of ours while what the peer sent is still unread', async () => {
      const { client, server } = await connect();
      const sent = patterned(MIB);
      client.pause();
      server.pause();
      server.link.write(patterned(4 * MIB));
      client.link.write(sent);
      await sleep(20);
      client.isPaused = false;
      client.link.close();
      await sleep(50);
      server.resume();
      expect([await client.closed(), await server.closed()]).toEqual([null, null]);
      expect(server.bytes.equals(sent)).toBe(true);
      expect(client.received).toBe(0);
    });

    test('close() of a paused or corked link ends it without lingering', async () => {
      const { client, server } = await connect({ lingerMs: 60_000 });
      client.pause();
      client.isPaused = false;
      client.link.cork();
      client.link.write(Buffer.from('last words'));
      server.link.write(Buffer.from('unheard'));
      client.link.close();
      expect([await client.closed(), await server.closed()]).toEqual([null, null]);
      expect(server.bytes.toString()).toBe('last words');
      expect(client.received).toBe(0);
    });

    test('the accepting end may close as well', async () => {
      const { client, server } = await connect();
      server.link.write(Buffer.from('bye'));
      server.link.close();
      expect([await client.closed(), await server.closed()]).toEqual([null, null]);
      expect(client.bytes.toString()).toBe('bye');
    });

    test('takenBytes tells how far a large write has come', async () => {
      const { client, server } = await connect();
      server.pause();
      let isWritten = false;
      client.link.write(patterned(64 * MIB), () => (isWritten = true));
      const rest = async (): Promise<number> => {
        for (let before = -1; ; await sleep(50)) {
          if (before === client.link.takenBytes) return before;
          before = client.link.takenBytes;
        }
      };
      const first = await rest();
      expect(first).toBeLessThan(64 * MIB);
      const seen = new Set<number>();
      server.onChunk = () => void (isWritten || seen.add(client.link.takenBytes));
      server.resume();
      await until('all of it', () => server.received === 64 * MIB);
      const between = [...seen].filter((bytes) => bytes > first && bytes < 64 * MIB);
      expect(between.length).toBeGreaterThan(5);
      expect(between).toEqual(between.toSorted((a, b) => a - b));
      await until('its end', () => isWritten);
      expect(client.link.takenBytes).toBe(64 * MIB);
    });

    test('close() gives up on a peer that never reads', async () => {
      const { client, server } = await connect({ lingerMs: 100 });
      server.pause();
      let written = 0;
      for (let i = 0; i < 4; i++) client.link.write(patterned(8 * MIB), () => written++);
      client.link.close();
      const error = await client.closed();
      expect(error).toBeInstanceOf(ConnectionLostError);
      expect(error).toMatchObject({
        code: 'ERR_CONNECTION_LOST',
        message: expect.stringMatching(/the peer did not read \d+ bytes within 100 ms/),
      });
      await until('every onWritten', () => written === 4);
    });

    test.each(['client', 'server'] as const)('abort() by the %s ends both ends at once and gives all memory back', async (aborter) => {
      const pair = await connect();
      const [here, there] = aborter === 'client' ? [pair.client, pair.server] : [pair.server, pair.client];
      there.pause();
      let written = 0;
      for (let i = 0; i < 20; i++) here.link.write(patterned(MIB), () => written++);
      here.link.abort();
      here.link.abort();
      expect(here.closes).toEqual([]);
      expect(await here.closed()).toBeNull();
      await until('every onWritten', () => written === 20);
      there.resume();
      await there.closed();
      expect(there.received).toBeLessThan(20 * MIB);
    });

    test.each(['close', 'abort'] as const)('after %s() every method is harmless', async (way) => {
      const { client } = await connect();
      let written = 0;
      const poke = (): void => {
        expect(client.link.write(Buffer.from('late'), () => written++)).toBe(true);
        expect(client.link.write(Buffer.alloc(0))).toBe(true);
        client.link.cork();
        client.link.uncork();
        client.link.pause();
        client.link.resume();
      };
      client.link[way]();
      poke();
      await client.closed();
      poke();
      client.link.close();
      client.link.abort();
      await until('both onWritten', () => written === 2);
      expect(client.link.bufferedBytes).toBe(0);
      await sleep(20);
      expect(client.closes).toEqual([null]);
    });

    test('links may be closed or aborted by their acceptor and within a delivery', async () => {
      const { carrier, listener, client, server } = await connect();
      server.onChunk = () => server.link.abort();
      client.link.write(patterned(MIB));
      await Promise.all([client.closed(), server.closed()]);
      const shy = newEnd();
      shy.onLink = (link) => link.close();
      await carrier.dial(listener.endpoint, shy.accept);
      expect(await shy.closed()).toBeNull();
    });

    test('a port nobody listens on refuses, and the error names it', async () => {
      const carrier = create({});
      const end = newEnd();
      const listener = await listen(carrier, end);
      await listener.close();
      const error: unknown = await carrier.dial(listener.endpoint, end.accept).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(DialError);
      expect(error).toMatchObject({
        code: 'ERR_DIAL',
        delivery: 'not-sent',
        message: expect.stringContaining(`127.0.0.1:${listener.endpoint.port}`),
      });
      expect(end.hasLink).toBe(false);
    });

    test.each([
      ['ERR_BAD_ENDPOINT', 0, {}],
      ['ERR_BAD_ENDPOINT', 65_536, {}],
      ['ERR_BAD_ENDPOINT', 1.5, {}],
      ['ERR_USAGE', 9300, { timeoutMs: 0 }],
      ['ERR_USAGE', 9300, { timeoutMs: Number.NaN }],
    ] as const)('dialling fails with %s for port %d and %j', async (code, port, options: DialOptions) => {
      await expect(create({}).dial({ host: '127.0.0.1', port }, newEnd().accept, options)).rejects.toMatchObject({ code });
    });

    test('a signal that has fired already stops a dialling before it begins', async () => {
      const carrier = create({});
      const server = newEnd();
      const { endpoint } = await listen(carrier, server);
      const signal = AbortSignal.abort('changed my mind');
      const dialled = carrier.dial(endpoint, newEnd().accept, { signal });
      await expect(dialled).rejects.toMatchObject({ code: 'ERR_CANCELLED', cause: 'changed my mind', delivery: 'not-sent' });
      await sleep(20);
      expect(server.hasLink).toBe(false);
    });

    test('a signal stops a dialling on its way, and is let go of', async () => {
      const carrier = create({});
      const [server, client] = [newEnd(), newEnd()];
      const { endpoint } = await listen(carrier, server);
      const stop = new AbortController();
      const dialled = carrier.dial(endpoint, client.accept, { signal: stop.signal });
      stop.abort('too slow');
      await expect(dialled).rejects.toMatchObject({ code: 'ERR_CANCELLED', cause: 'too slow' });
      expect(client.hasLink).toBe(false);
      expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
    });

    test('a signal that fires after the link is there does nothing', async () => {
      const carrier = create({});
      const [server, client] = [newEnd(), newEnd()];
      const { endpoint } = await listen(carrier, server);
      const stop = new AbortController();
      await carrier.dial(endpoint, client.accept, { signal: stop.signal, timeoutMs: 2_000 });
      expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
      stop.abort();
      client.link.write(Buffer.from('still here'));
      await until('the bytes', () => server.received === 10);
    });

    test('an acceptor that throws fails the dialling', async () => {
      const carrier = create({});
      const { endpoint } = await listen(carrier, newEnd());
      const accept = (): never => {
        throw new Error('no room');
      };
      await expect(carrier.dial(endpoint, accept)).rejects.toThrow('no room');
    });

    test('a port that is taken is refused, and the error names it', async () => {
      const carrier = create({});
      const { endpoint } = await listen(carrier, newEnd());
      const taken: unknown = await carrier.listen({ port: endpoint.port }, newEnd().accept).catch((reason: unknown) => reason);
      expect(taken).toBeInstanceOf(DialError);
      expect(taken).toMatchObject({ code: 'ERR_ADDRESS_IN_USE', message: expect.stringContaining(`port ${endpoint.port} `) });
    });

    test.each([-1, 65_536, 1.5, Number.NaN])('nothing listens on port %d', async (port) => {
      await expect(create({}).listen({ port }, newEnd().accept)).rejects.toMatchObject({ code: 'ERR_USAGE' });
    });

    test('a closed listener frees its port and leaves its links alone', async () => {
      const { carrier, listener, client, server } = await connect();
      await Promise.all([listener.close(), listener.close()]);
      const next = newEnd();
      const successor = await carrier.listen({ port: listener.endpoint.port }, acceptInto(next));
      listeners.push(successor);
      client.link.write(Buffer.from('still here'));
      await until('the bytes', () => server.received === 10);
      await carrier.dial(successor.endpoint, newEnd().accept);
      await until('the new listener has a link', () => next.hasLink);
      await listener.close();
      await carrier.dial(successor.endpoint, newEnd().accept);
    });

    test.skipIf(!hasIpv6())('IPv6 works', async () => {
      const carrier = create({});
      const [server, client] = [newEnd(), newEnd()];
      const listener = await listen(carrier, server, '::1');
      expect(listener.endpoint.host).toBe('::1');
      await carrier.dial(listener.endpoint, client.accept);
      client.link.write(Buffer.from('v6'));
      await until('the bytes', () => server.received === 2);
    });
  });
}

function socketsLeft(): number {
  return process.getActiveResourcesInfo().filter((resource) => /^(?:TCP|TLS)/.test(resource)).length;
}

function hasIpv6(): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === '::1'));
}
