import { expect, test } from 'vitest';
import { bytes, createClient, createServer, defineAction, release, stream, string, struct, vInt } from '../../src/index.ts';
import { memoryCarrier } from '../../src/transport/carrier/memory.ts';
import { tcp } from '../../src/transport/carrier/tcp.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { until } from '../support/raw-peer.ts';

const echo = defineAction({
  name: 'demo:echo',
  request: struct({ seed: vInt, note: string, content: bytes }),
  response: struct({ seed: vInt, note: string, content: bytes }),
});
const pipe = defineAction({ name: 'demo:pipe', request: struct({ content: stream() }), response: struct({ content: stream() }) });

function fill(size: number, seed: number): Buffer {
  const out = Buffer.alloc(size);
  for (let i = 0; i < size; i++) out[i] = (i * 31 + seed * 17 + (i >> 8)) & 0xff;
  return out;
}

/** Every call gets its own bytes, or an error: whatever is cancelled, timed out, compressed, streamed and given back around it. */
test.each([
  ['tcp', tcp(), 1],
  ['tcp, data path', tcp({ reads: 'data' }), 2],
  ['memory in pieces of 1000 bytes', memoryCarrier({ chunkBytes: 1000 }), 3],
] as const)('bytes stay apart over %s', async (_name, carrier, firstSeed) => {
  const random = seededRandom(firstSeed);
  const server = createServer({ carrier });
  server.handle(echo, async (request, context) => {
    if (random() < 0.5) await new Promise((resolve) => setTimeout(resolve, random() * 5));
    if (random() < 0.5) context.releaseWhenAnswered(request.content);
    return request;
  });
  server.handle(pipe, ({ content }) => ({ content: { size: content.size, chunks: content } }));
  const { port } = await server.listen(0);
  const client = createClient({ nodes: [`127.0.0.1:${port}`], carrier, timeoutMs: 20_000 });
  const streamer = createClient({ nodes: [`127.0.0.1:${port}`], carrier, timeoutMs: 20_000 });
  let answered = 0;
  async function one(seed: number): Promise<void> {
    const size = Math.floor(random() ** 4 * 300_000);
    const sent = fill(size, seed);
    const controller = new AbortController();
    if (random() < 0.1) setTimeout(() => controller.abort(), random() * 5);
    try {
      const back = await client.call(
        echo,
        { seed, note: `ü ${seed}`, content: sent },
        { compress: random() < 0.2, signal: controller.signal, timeoutMs: random() < 0.1 ? 1 + random() * 5 : 20_000 },
      );
      expect([back.seed, back.note, back.content.equals(fill(size, seed))]).toEqual([seed, `ü ${seed}`, true]);
      answered++;
      if (random() < 0.5) release(back.content);
    } catch (error) {
      expect((error as { code: string }).code).toMatch(/^ERR_(CANCELLED|DEADLINE)$/);
    }
  }
  async function streams(): Promise<void> {
    for (let i = 0; i < 15; i++) {
      const size = Math.floor(random() * 1_000_000);
      const all = fill(size, i);
      function* chunks() {
        for (let at = 0; at < size; at += 30_000) yield all.subarray(at, at + 30_000);
      }
      const { content } = await streamer.call(pipe, { content: { size, chunks: chunks() } });
      let at = 0;
      for await (const chunk of content) {
        expect(chunk.equals(all.subarray(at, at + chunk.length))).toBe(true);
        at += chunk.length;
      }
      expect(at).toBe(size);
    }
  }
  async function worker(first: number): Promise<void> {
    for (let i = 0; i < 60; i++) await one(first + i);
  }
  await Promise.all([streams(), ...Array.from({ length: 20 }, (_, i) => worker(i * 1000))]);
  expect(answered).toBeGreaterThan(600);
  expect(client.inFlight).toBe(0);
  await until('the handlers', () => server.inFlight === 0);
  await Promise.all([client.close(), streamer.close(), server.close()]);
});
