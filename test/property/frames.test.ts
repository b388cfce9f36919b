import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import {
  bytes,
  type Client,
  createClient,
  createServer,
  defineAction,
  DEFAULT_LIMITS,
  list,
  map,
  optional,
  string,
  stream,
  struct,
  TransportError,
  vInt,
  vLong,
} from '../../src/index.ts';
import { encodeMessage, type Message, MessageReader } from '../../src/protocol/frame/native/message.ts';
import { V_2_19_0, V_3_9_0 } from '../../src/protocol/wire/version.ts';
import type { Link, LinkSink } from '../../src/transport/carrier/link.ts';
import { memoryCarrier } from '../../src/transport/carrier/memory.ts';
import { GENUINE, mutate, someFrame, whole } from '../support/frame-mutator.ts';
import { requestHeader } from '../support/raw-frame.ts';
import { HANDSHAKE, HANDSHAKE_ANSWER, TRANSPORT_HANDSHAKE_ANSWER, withId } from '../support/raw-peer.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';

const fuzzRuns = process.env['FUZZ_RUNS'];
/** A million in `npm run fuzz`, ten thousand otherwise, for each of the three parts. */
const FRAMES = fuzzRuns === undefined ? 10_000 : 200 * Number(fuzzRuns);
const SEED = Number(process.env['FUZZ_SEED'] ?? (fuzzRuns === undefined ? 20_260 : Date.now() % 1_000_000_000));
const BATCH = 50;
const MIB = 1024 * 1024;
const limits = { ...DEFAULT_LIMITS, maxFrameBytes: MIB, maxHeaderBytes: 65_536, maxInflatedBytes: MIB };

const value = { text: string, numbers: list(vInt), at: optional(vLong), tags: map(string), body: bytes };
const echo = defineAction({ name: 'demo:echo', request: struct(value), response: struct(value) });
const upload = defineAction({
  name: 'demo:upload',
  request: struct({ name: string, content: stream() }),
  response: struct({ size: vInt }),
});
const download = defineAction({ name: 'demo:download', request: struct({}), response: struct({ content: stream() }) });
const ACTIONS = ['demo:echo', 'demo:upload', 'demo:download', 'demo:nobody', 'internal:tcp/handshake', 'internal:transport/handshake', ''];

if (fuzzRuns !== undefined) console.log(`fuzzing ${FRAMES} frames in each of three parts, FUZZ_SEED=${SEED}`);

/** Says how far it is in fuzz mode, and that memory stays flat. */
class Progress {
  readonly #what: string;
  #done = 0;
  #base = 0;

  constructor(what: string) {
    this.#what = what;
  }

  add(frames: number): void {
    const before = this.#done;
    this.#done += frames;
    const step = FRAMES / 10;
    if (Math.floor(before / step) === Math.floor(this.#done / step)) return;
    const megabytes = Math.round(process.memoryUsage.rss() / MIB);
    if (this.#base === 0) this.#base = megabytes;
    if (fuzzRuns !== undefined) console.log(`${this.#what}: ${this.#done} frames, ${megabytes} MiB`);
    expect(megabytes - this.#base, 'memory grows').toBeLessThan(400);
  }
}

/** Adds what is needed to do it again. */
function blame(parts: readonly Buffer[], why: string): Error {
  return new Error(`${why}\nFUZZ_SEED=${SEED}, bytes:\n${parts.map((part) => part.toString('hex')).join('\n')}`);
}

async function within<T>(ms: number, parts: readonly Buffer[], what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(blame(parts, `${what} hangs`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

const words = fc.string({
  unit: fc.oneof(fc.constantFrom('a', 'é', '€', '😀', '\0'), fc.string({ minLength: 1, maxLength: 1 })),
  maxLength: 40,
});
const message = fc
  .record({
    request: fc.boolean(),
    requestId: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    version: fc.constantFrom(V_2_19_0, V_3_9_0),
    handshake: fc.boolean(),
    compressed: fc.boolean(),
    error: fc.boolean(),
    requestHeaders: fc.dictionary(words, words, { maxKeys: 4 }),
    responseHeaders: fc.dictionary(words, fc.array(words, { maxLength: 3 }), { maxKeys: 4 }),
    features: fc.array(words, { maxLength: 3 }),
    action: words,
    body: fc.oneof(
      { weight: 9, arbitrary: fc.uint8Array({ maxLength: 200 }) },
      { weight: 1, arbitrary: fc.uint8Array({ minLength: 15_000, maxLength: 40_000, size: 'max' }) },
    ),
  })
  .map((one) => (one.request ? one : { ...one, features: [], action: '' }));

function formOf(one: Message | 'ping'): unknown {
  return one === 'ping'
    ? one
    : { ...one, requestHeaders: { ...one.requestHeaders }, responseHeaders: { ...one.responseHeaders }, body: one.body.toString('hex') };
}

describe('messages', () => {
  test('come back as they were written, however they are cut', () => {
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 20 }),
        (messages, cuts) => {
          const joined = Buffer.concat(messages.map((one) => encodeMessage(one)));
          const reader = new MessageReader();
          const found: unknown[] = [];
          for (let at = 0, turn = 0; at < joined.length; turn++) {
            const size = cuts[turn % cuts.length] as number;
            const chunk = Buffer.from(joined.subarray(at, at + size));
            found.push(...[...reader.push(chunk)].map(formOf));
            chunk.fill(0xaa);
            at += size;
          }
          expect(found).toEqual(messages.map((one) => formOf({ ...one, requestHeaders: one.requestHeaders, body: Buffer.from(one.body) })));
          expect(reader.unread).toBe(0);
        },
      ),
      fuzzRuns === undefined ? { numRuns: 200 } : {},
    );
  });
});

/** What a reader finds until it has nothing more, or throws. */
function outcome(joined: Buffer, nextSize: () => number): string[] {
  const reader = new MessageReader(limits);
  const found: string[] = [];
  try {
    for (let at = 0; at < joined.length; ) {
      const size = nextSize();
      const chunk = Buffer.from(joined.subarray(at, at + size));
      for (const one of reader.push(chunk))
        found.push(one === 'ping' ? one : `${one.requestId} ${one.action} ${one.body.length} ${one.body.subarray(0, 8).toString('hex')}`);
      at += size;
    }
    found.push(`unread ${reader.unread}`);
  } catch (error) {
    if (!(error instanceof TransportError) || error.fault !== 'protocol') throw error;
    // What is known of the frame differs with how much of it has come; what is wrong with it does not.
    found.push(`${error.code} ${error.scope}`);
  }
  return found;
}

describe('mutated frames', () => {
  test('the decoder finds the same in them however they are cut, or the same error', async () => {
    const random = seededRandom(SEED);
    const progress = new Progress('decoder');
    for (let done = 0; done < FRAMES; done++) {
      const joined = Buffer.concat([
        ...(random() < 0.3 ? [someFrame(random, ACTIONS)] : []),
        mutate(random, someFrame(random, ACTIONS), GENUINE),
      ]);
      try {
        const once = outcome(joined, () => joined.length);
        const sizes = [1, 7, 23, 1000, 70_000];
        expect(outcome(joined, () => sizes[whole(random, sizes.length)] as number)).toEqual(once);
      } catch (error) {
        throw blame([joined], String(error));
      }
      progress.add(1);
      // Failed inflaters are cleaned up between turns of the event loop.
      if (done % 100 === 0) await turn();
    }
  });

  test('a live server goes on serving', async () => {
    const random = seededRandom(SEED + 1);
    const progress = new Progress('server');
    const carrier = memoryCarrier({ lingerMs: 2000 });
    const server = createServer({ carrier, limits, maxConnections: 4 * BATCH });
    server.handle(echo, (request) => request);
    server.handle(upload, async ({ content }) => {
      let size = 0;
      for await (const chunk of content) size += chunk.length;
      return { size };
    });
    server.handle(download, () => ({ content: { size: 5, chunks: [Buffer.from('he'), Buffer.from('llo')] } }));
    const endpoint = await server.listen(0);
    for (let done = 0; done < FRAMES; done += BATCH) {
      const parts = Array.from({ length: BATCH }, () => mutate(random, someFrame(random, ACTIONS), GENUINE));
      const peers = parts.map(async (part) => {
        const peer = new MemoryPeer();
        const link = await carrier.dial(endpoint, peer.accept);
        for (let at = 0; at < part.length; ) {
          const size = random() < 0.5 ? part.length : 1 + whole(random, 40);
          link.write(part.subarray(at, at + size));
          at += size;
        }
        await peer.quiet();
        link.close();
        await peer.closed;
      });
      await within(10_000, parts, 'a connection', Promise.all(peers));
      const probe = new MemoryPeer();
      const link = await carrier.dial(endpoint, probe.accept);
      link.write(HANDSHAKE);
      await within(5000, parts, 'the next call', probe.heard);
      expect(probe.received[14]).toBe(9);
      link.close();
      await within(5000, parts, 'the end of the next connection', probe.closed);
      await within(
        5000,
        parts,
        'a request',
        settled(() => server.inFlight === 0 && server.connections === 0),
      );
      progress.add(BATCH);
    }
    await server.close({ drainMs: 0 });
  });

  test('every call of a live client settles with an answer or a typed error', async () => {
    const random = seededRandom(SEED + 2);
    const progress = new Progress('client');
    const carrier = memoryCarrier({ lingerMs: 2000 });
    let parts: Buffer[] = [];
    const listener = await carrier.listen({ port: 0 }, (link) => new HostileNode(link, random, (part) => parts.push(part)));
    const options = { nodes: [`127.0.0.1:${listener.endpoint.port}`], carrier, limits, reconnect: false, timeoutMs: 60_000 } as const;
    const codes = new Map<string, number>();
    for (let done = 0; done < FRAMES; done += BATCH) {
      parts = [];
      const client = createClient(options);
      const calls = Array.from({ length: BATCH }, (_, i) => oneCall(client, i));
      for (const end of await within(10_000, parts, 'a call', Promise.all(calls))) codes.set(end, (codes.get(end) ?? 0) + 1);
      expect(client.inFlight).toBe(0);
      await within(5000, parts, 'closing', client.close({ drainMs: 0 }));
      progress.add(BATCH);
    }
    expect(
      [...codes.keys()].filter(
        (code) => !/^(answered|ERR_(CONNECTION_LOST|DECODE|REMOTE|UNKNOWN_ACTION|PAYLOAD_LIMIT|COMPRESSION))/.test(code),
      ),
    ).toEqual([]);
    expect(codes.get('answered')).toBeGreaterThan(0);
  });
});

afterAll(() => {
  if (fuzzRuns !== undefined) console.log(`done, FUZZ_SEED=${SEED}`);
});

async function oneCall(client: Client, turn: number): Promise<string> {
  try {
    if (turn % 5 === 4) {
      const { content } = await client.call(download, {});
      let size = 0;
      for await (const chunk of content) size += chunk.length;
      return size >= 0 ? 'answered' : 'never';
    }
    await client.call(echo, { text: 'x', numbers: [1], at: null, tags: {}, body: Buffer.alloc(3) });
    return 'answered';
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return `${error.code} ${error.delivery}`;
  }
}

async function settled(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await turn();
}

/** One turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Bytes over a memory link, and when it ends. */
class MemoryPeer implements LinkSink {
  received: Buffer = Buffer.alloc(0);
  readonly heard: Promise<void>;
  readonly closed: Promise<void>;
  #onHeard: () => void = () => undefined;
  #onClosed: () => void = () => undefined;
  #over = false;

  constructor() {
    this.heard = new Promise((resolve) => (this.#onHeard = resolve));
    this.closed = new Promise((resolve) => (this.#onClosed = resolve));
  }

  readonly accept = (): LinkSink => this;

  /** A few turns of the event loop, or the end. */
  async quiet(): Promise<void> {
    for (let turns = 0; turns < 8 && !this.#over; turns++) await turn();
  }

  onBytes(chunk: Buffer): void {
    if (this.received.length < 100) this.received = Buffer.concat([this.received, chunk]);
    this.#onHeard();
  }

  readTarget(): null {
    return null;
  }

  onFilled(): void {}

  onDrain(): void {}

  onClose(): void {
    this.#over = true;
    this.#onClosed();
  }
}

/** Shakes hands by the book, answers every call with something that is not quite an answer, then leaves. */
class HostileNode implements LinkSink {
  readonly #link: Link;
  readonly #random: () => number;
  readonly #note: (part: Buffer) => void;
  readonly #reader = new MessageReader();
  #left = BATCH;

  constructor(link: Link, random: () => number, note: (part: Buffer) => void) {
    this.#link = link;
    this.#random = random;
    this.#note = note;
  }

  onBytes(chunk: Buffer): void {
    for (const one of this.#reader.push(chunk)) if (one !== 'ping' && one.request) this.#answer(one);
  }

  #answer({ action, requestId, body }: Message): void {
    if (action === 'internal:tcp/handshake') this.#link.write(withId(HANDSHAKE_ANSWER, requestId));
    else if (action === 'internal:transport/handshake') this.#link.write(withId(TRANSPORT_HANDSHAKE_ANSWER, requestId));
    else {
      const random = this.#random;
      const good = encodeMessage({
        request: false,
        requestId,
        version: V_3_9_0,
        compressed: random() < 0.3,
        body: action === 'demo:download' ? Buffer.from('0568656c6c6f', 'hex') : body.subarray(1),
      });
      const some = random() < 0.5 ? good : someFrame(random, ACTIONS);
      const other = some.length < 14 ? some : withId(some, requestId);
      const part = random() < 0.3 ? good : mutate(random, other, [good, ...GENUINE]);
      this.#note(part);
      this.#link.write(part);
      this.#left--;
      if (this.#left === 0) setImmediate(() => this.#link.close());
    }
  }

  readTarget(): null {
    return null;
  }

  onFilled(): void {}

  onDrain(): void {}

  onClose(): void {}
}

test('a request header by hand is what the encoder writes', () => {
  const frame = encodeMessage({ request: true, requestId: 1n, version: V_2_19_0, action: 'demo:echo' });
  expect(frame.subarray(23).equals(requestHeader('demo:echo'))).toBe(true);
});
