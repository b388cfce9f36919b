import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { type Client, createClient, createServer, defineAction, struct } from '../../src/index.ts';
import type { Carrier, LinkAcceptor } from '../../src/transport/carrier/link.ts';
import { tcp } from '../../src/transport/carrier/tcp.ts';

const ask = defineAction({ name: 'demo:ask', request: struct({}), response: struct({}) });
const never = defineAction({ name: 'demo:never', request: struct({}), response: struct({}) });
const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** Stands still: no turn of the event loop for so long. */
function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** A carrier whose accepted links tell each write as soon as the kernel has it. */
function told(onWritten: () => void): Carrier {
  const inner = tcp();
  const telling =
    (accept: LinkAcceptor): LinkAcceptor =>
    (link) => {
      const write = link.write.bind(link);
      link.write = (...written) => {
        const isRoom = write(...written);
        onWritten();
        return isRoom;
      };
      return accept(link);
    };
  return {
    ...inner,
    name: 'told',
    dial: (...args) => inner.dial(...args),
    listen: (options, accept) => inner.listen(options, telling(accept)),
  };
}

async function connected(onWritten: () => void): Promise<Client> {
  const carrier = told(onWritten);
  const server = createServer({ carrier });
  server.handle(ask, () => ({}));
  server.handle(never, () => new Promise<object>(() => undefined));
  const { port } = await server.listen(0);
  open.push(() => server.close({ drainMs: 0 }));
  const client = createClient({ nodes: [`127.0.0.1:${port}`], reconnect: false });
  open.push(() => client.close({ drainMs: 0 }));
  await client.connect();
  return client;
}

describe('a process whose event loop is busy', () => {
  test.each([3_000, 600])('a call of %i ms ends at its deadline, not a multiple of it', async (timeoutMs) => {
    const client = await connected(() => undefined);
    const began = performance.now();
    const call = client.call(never, {}, { timeoutMs }).catch((error: unknown) => error);
    let isOver = false;
    void call.then(() => (isOver = true));
    while (!isOver) {
      block(500);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await call).toMatchObject({ code: 'ERR_DEADLINE' });
    const took = performance.now() - began;
    expect(took).toBeGreaterThanOrEqual(timeoutMs);
    expect(took).toBeLessThan(timeoutMs + 2_500);
  });

  test.each([200, 1_000])('an answer that is here when the loop comes back is in time for a call of %i ms', async (timeoutMs) => {
    let isArmed = false;
    const client = await connected(() => {
      if (isArmed) block(timeoutMs + 500);
      isArmed = false;
    });
    isArmed = true;
    await expect(client.call(ask, {}, { timeoutMs })).resolves.toEqual({});
    expect(isArmed).toBe(false);
    expect(client.strayAnswers).toEqual({ late: 0, unknown: 0 });
  });
});

describe('a process that waits for a call where no socket keeps it running', () => {
  test.each([
    ['deadline', 'ERR_DEADLINE', 300],
    ['answered', 'answered', 0],
    ['drain', 'ERR_CONNECTION_LOST closed', 200],
  ])(
    'ends after the %s, and not long after',
    async (what, said, leastMs) => {
      const script = fileURLToPath(new URL('../support/pending-call.mjs', import.meta.url));
      const [index, carrier] = ['index', 'carrier'].map((entry) => new URL(`../../dist/${entry}.js`, import.meta.url).href);
      const began = performance.now();
      const child = spawn(process.execPath, [script, index as string, carrier as string, what], { stdio: ['ignore', 'pipe', 'inherit'] });
      open.push(async () => void child.kill('SIGKILL'));
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      const [code] = (await once(child, 'close')) as [number];
      expect([code, output.trim().split('\n').join(' ')]).toEqual([0, said]);
      expect(performance.now() - began).toBeGreaterThan(leastMs);
      expect(performance.now() - began).toBeLessThan(leastMs + 8_000);
    },
    20_000,
  );
});
