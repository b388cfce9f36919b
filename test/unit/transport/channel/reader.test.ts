import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  bytes,
  type Client,
  type Codec,
  createClient,
  createServer,
  defineAction,
  list,
  type Server,
  string,
  struct,
} from '../../../../src/index.ts';
import { memoryCarrier } from '../../../../src/transport/carrier/memory.ts';
import { bodies } from '../../../../src/transport/util/body-pool.ts';

const KIB = 1024;
const open: { close(options: { drainMs: number }): Promise<void> }[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  for (const one of open.splice(0).reverse()) await one.close({ drainMs: 0 });
});

async function connect(register: (server: Server) => void): Promise<Client> {
  const carrier = memoryCarrier();
  const server = createServer({ carrier });
  open.push(server);
  register(server);
  const { port } = await server.listen(0);
  const client = createClient({ nodes: [`127.0.0.1:${port}`], carrier });
  open.push(client);
  return client;
}

const texts = (count: number, each: number, seed: string): string[] =>
  Array.from({ length: count }, (_, i) => `${seed}${i}`.padEnd(each, seed));

describe('the memory of a large body', () => {
  const lines = defineAction({ name: 'demo:lines', request: struct({ lines: list(string) }), response: struct({ lines: list(string) }) });

  test.each([false, true])('is given back when what was read of it is no view (compressed: %s)', async (compress) => {
    const client = await connect((server) => server.handle(lines, (request) => request));
    // Neither deflated nor inflated is it small.
    const random = Array.from({ length: 300 }, () =>
      Array.from({ length: KIB }, () => Math.floor(Math.random() * 36).toString(36)).join(''),
    );
    const given = vi.spyOn(bodies, 'giveExact');
    expect(await client.call(lines, { lines: random }, { compress })).toEqual({ lines: random });
    // One for the request, one for the answer.
    expect(given).toHaveBeenCalledTimes(2);
  });

  test('texts stay what they are while others go through the same memory', async () => {
    const client = await connect((server) => server.handle(lines, async (request) => request));
    const sent = Array.from({ length: 60 }, (_, i) => texts(200, 700, `${i}-`));
    const answers = await Promise.all(sent.map((each) => client.call(lines, { lines: each })));
    expect(answers.map((answer) => answer.lines)).toEqual(sent);
  });

  test('is left to who holds a byte field of it', async () => {
    const blob = defineAction({ name: 'demo:blob', request: struct({ body: bytes }), response: struct({ body: bytes }) });
    const client = await connect((server) => server.handle(blob, ({ body }) => ({ body })));
    const size = 200 * KIB;
    const held: Buffer[] = [];
    const given = vi.spyOn(bodies, 'giveExact');
    for (let i = 0; i < 20; i++) held.push((await client.call(blob, { body: Buffer.alloc(size, i) })).body);
    expect(given).not.toHaveBeenCalled();
    held.forEach((body, i) => expect(body.equals(Buffer.alloc(size, i))).toBe(true));
  });

  test('is left to a codec that kept a view', async () => {
    const kept: Buffer[] = [];
    const view: Codec<number, Uint8Array> = {
      schema: { kind: 'bytes', name: 'view' },
      read: (input) => {
        const borrowed = input.readBytes(input.remaining);
        kept.push(borrowed);
        return borrowed.length;
      },
      write: (output, value) => output.writeBytes(value),
    };
    const count = defineAction({ name: 'demo:count', request: view, response: struct({ text: string }) });
    const client = await connect((server) => server.handle(count, (length) => ({ text: String(length) })));
    for (let i = 0; i < 10; i++) expect(await client.call(count, Buffer.alloc(200 * KIB, i))).toEqual({ text: String(200 * KIB) });
    kept.forEach((body, i) => expect(body.equals(Buffer.alloc(200 * KIB, i))).toBe(true));
  });
});
