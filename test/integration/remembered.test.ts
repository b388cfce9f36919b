import { afterEach, expect, test } from 'vitest';
import { createClient, createServer, defineAction, empty } from '../../src/index.ts';
import { PeerReleases } from '../../src/transport/channel/peer-releases.ts';
import { V_2_19_0, V_3_9_0 } from '../../src/protocol/wire/version.ts';

const open: { close(options?: { drainMs?: number }): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close({ drainMs: 0 });
});

test('metrics have no entries for actions that a peer made up', async () => {
  const known = defineAction({ name: 'demo:known', request: empty, response: empty });
  const server = createServer({ metrics: true });
  server.handle(known, () => undefined);
  const { port } = await server.listen(0);
  const client = createClient({ nodes: [`127.0.0.1:${port}`], reconnect: false });
  open.push(server, client);
  for (let i = 0; i < 50; i++) {
    const action = defineAction({ name: `demo:made-up-${i}`, request: empty, response: empty });
    await expect(client.call(action, undefined)).rejects.toMatchObject({ code: 'ERR_UNKNOWN_ACTION' });
  }
  await client.call(known, undefined);
  expect(server.metrics.map(({ action }) => action).filter((name) => name.startsWith('demo:'))).toEqual(['demo:known']);
});

test('the release of a host is forgotten with its last channel', () => {
  const releases = new PeerReleases();
  for (let i = 0; i < 1000; i++) {
    releases.add(`10.0.0.${i}`, V_3_9_0);
    releases.add(`10.0.0.${i}`, V_2_19_0);
    releases.remove(`10.0.0.${i}`, V_3_9_0);
    expect(releases.of(`10.0.0.${i}`)).toBe(V_2_19_0);
    releases.remove(`10.0.0.${i}`, V_2_19_0);
    expect(releases.of(`10.0.0.${i}`)).toBe(0);
  }
});
