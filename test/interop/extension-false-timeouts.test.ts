import { expect, test } from 'vitest';
import { WatchedExtension } from '../support/interop-extension.ts';
import { Http } from '../support/interop-http.ts';
import { bootedNodes, describeReleases } from '../support/interop-node.ts';

const CALLS = 60;

await describeReleases('an extension of a node whose HTTP shares event loops', (version) => {
  const nodes = bootedNodes({ shared: { version, settings: { 'http.netty.worker_count': null } } });

  test('is told so, and answers one caller on responsive sockets without a false 408', async () => {
    await using watched = new WatchedExtension({ answerOn: 'responsive-socket' });
    watched.ext.get('/hello', () => 'hello');
    watched.ext.get('/big', () => Buffer.alloc(256 * 1024, 'x'));
    await watched.listen();
    const http = new Http(nodes.shared.httpUrl);
    expect(await watched.initialise(http, 'remedied')).toMatchObject({ type: 'registered' });
    await expect.poll(() => watched.events.map(({ type }) => type)).toContain('sharedEventLoops');

    const statuses: Record<number, number> = {};
    for (let i = 0; i < CALLS; i++) {
      const { status } = await http.send(`GET /_extensions/_remedied/${i % 6 === 0 ? 'big' : 'hello'}`);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    expect(statuses).toEqual({ 200: CALLS });
    http.close();
  });
});
