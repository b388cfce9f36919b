import { afterEach, expect, test } from 'vitest';
import { type Codec, createClient, createServer, defineAction, string, struct, vInt } from '../../../../src/index.ts';

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

const short = defineAction({ name: 'demo:one', request: struct({ text: string }), response: struct({}) });
const long = defineAction({ name: 'demo:one', request: struct({ text: string, count: vInt }), response: struct({}) });

/** The reason with which a server that knows one definition refuses a request of the other. */
async function reasonOf(known: typeof short | typeof long, call: typeof short | typeof long): Promise<string> {
  const server = createServer();
  server.handle(known, () => ({}));
  const { port } = await server.listen(0);
  const client = createClient(`127.0.0.1:${port}`);
  ended.push(
    () => client.close(),
    () => server.close(),
  );
  const error = await client.call(call, { text: 'x', count: 7 }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'ERR_REMOTE', remoteType: 'illegal_state_exception' });
  return (error as { reason: string }).reason;
}

test('a request with bytes left over is refused in the words of a node', async () => {
  expect(await reasonOf(short, long)).toMatch(
    /^Message not fully read \(request\) for requestId \[\d+\], action \[demo:one\], available \[1\]; resetting$/,
  );
});

test('a request that ends too early is refused with the reason', async () => {
  expect(await reasonOf(long, short)).toMatch(
    /^cannot read the request, requestId \[\d+\], action \[demo:one\]: expected 1 more byte, got 0 /,
  );
});

test('an error about a request has no stack, since it is only sent; one about an answer has', async () => {
  const caught: unknown[] = [];
  const watched: Codec<string> = {
    ...string,
    read: (input) => {
      try {
        return string.read(input);
      } catch (error) {
        caught.push(error);
        throw error;
      }
    },
  };
  const empty = struct({});
  const texts = struct({ text: watched });
  const server = createServer();
  server.handle(defineAction({ name: 'demo:in', request: texts, response: empty }), () => ({}));
  server.handle(defineAction({ name: 'demo:out', request: empty, response: empty }), () => ({}));
  const { port } = await server.listen(0);
  const client = createClient(`127.0.0.1:${port}`);
  ended.push(
    () => client.close(),
    () => server.close(),
  );
  const refused = client.call(defineAction({ name: 'demo:in', request: empty, response: empty }), {});
  await expect(refused).rejects.toMatchObject({ code: 'ERR_REMOTE' });
  const unread = client.call(defineAction({ name: 'demo:out', request: empty, response: texts }), {});
  await expect(unread).rejects.toMatchObject({ code: 'ERR_DECODE', path: ['text'] });
  expect(caught).toHaveLength(2);
  expect((caught[0] as Error).stack).not.toMatch(/\n {4}at /);
  expect((caught[1] as Error).stack).toMatch(/\n {4}at /);
});
