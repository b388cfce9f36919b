import { expect, test } from 'vitest';
import { createServer, defineAction, empty } from '../../src/index.ts';
import { rawFrame, requestHeader } from '../support/raw-frame.ts';
import { HANDSHAKE, RawPeer, until } from '../support/raw-peer.ts';

const WAITING = 2_000;

test('thousands of requests that wait for a handler do not stop the event loop when all of them fail', async () => {
  const server = createServer();
  const work = defineAction({ name: 'demo:work', request: empty, response: empty });
  let release = (): void => undefined;
  server.handle(
    work,
    () =>
      new Promise<object>((resolve) => {
        release = () => resolve({});
      }),
    { concurrency: 1 },
  );
  const { port } = await server.listen(0);
  const peer = await RawPeer.dial(port);
  const frame = (id: number): Buffer => rawFrame({ id: BigInt(id), status: 0, variable: requestHeader('demo:work'), body: Buffer.of(0) });
  peer.send(HANDSHAKE, ...Array.from({ length: WAITING }, (_, id) => frame(id)));
  await until('all requests', () => server.inFlight === WAITING, 10_000);
  peer.reset();
  await until('the end of the connection', () => server.connections === 0);
  // Those that wait are refused as their turn comes: in how many turns of the event loop?
  const before = server.inFlight;
  release();
  let turns = 0;
  while (server.inFlight > 0) {
    turns++;
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  expect(before).toBeGreaterThan(WAITING / 2);
  expect(turns).toBeGreaterThan(WAITING / 100);
  await server.close({ drainMs: 0 });
});
