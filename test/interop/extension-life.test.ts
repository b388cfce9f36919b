import { afterEach, expect, test } from 'vitest';
import { diagnose } from '../../src/extension/initialize/diagnose.ts';
import { type RealNode, startRealNode } from '../../src/realnode/real-node.ts';
import { WatchedExtension } from '../support/interop-extension.ts';
import { Http } from '../support/interop-http.ts';
import { bootedNodes, describeReleases } from '../support/interop-node.ts';

const HELLO = '/_extensions/_life/hello';
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function listening(path = '/hello'): Promise<WatchedExtension> {
  const watched = new WatchedExtension();
  open.push({ close: () => watched.ext.close({ drainMs: 0 }) });
  watched.ext.get(path, () => 'hello there');
  await watched.listen();
  return watched;
}

async function ask({ httpUrl }: RealNode, line: string): Promise<string> {
  const http = new Http(httpUrl);
  try {
    return (await http.send(line)).text;
  } finally {
    http.close();
  }
}

await describeReleases('initialize()', (version) => {
  const nodes = bootedNodes({ one: { version } });
  const failing = (watched: WatchedExtension, uniqueId: string, port?: number) =>
    watched.ext.initialize(nodes.one.httpUrl, { name: 'again', uniqueId, timeoutMs: 4_000, ...(port !== undefined && { port }) });

  test('says in the words of the node what is wrong', async () => {
    const [watched, other] = [await listening('/first'), await listening('/first')];
    await watched.ext.initialize(nodes.one.httpUrl, { name: 'First', uniqueId: 'first' });
    await watched.ext.initialize(nodes.one.httpUrl, { name: 'First', uniqueId: 'first' });
    expect(watched.ext.node).toMatchObject({ version, extensionName: 'First', nodeId: expect.stringMatching(/^.{22}$/) as string });
    expect(await ask(nodes.one, 'GET /_extensions/_first/first')).toBe('hello there');
    await expect(failing(other, 'first')).rejects.toMatchObject({
      code: 'ERR_REMOTE',
      message: expect.stringMatching(
        /refused the extension 'first': Duplicate uniqueId \[first\].*a node knows a unique id until/s,
      ) as string,
    });
    await expect(
      other.ext.initialize(nodes.one.httpUrl, { name: 'new', uniqueId: 'new', minimumCompatibleVersion: '3.99.0' }),
    ).rejects.toMatchObject({
      code: 'ERR_REMOTE',
      message: expect.stringContaining('is greater than current OpenSearch version') as string,
    });
    await expect(failing(other, 'wrong', 1)).rejects.toMatchObject({
      code: 'ERR_DEADLINE',
      message: expect.stringContaining("did not connect to the extension 'wrong' at 127.0.0.1:1 within 4000 ms") as string,
    });
    // The node forgets an id by which it could not connect.
    await failing(other, 'wrong');
  }, 60_000);

  test('diagnose() changes nothing at the node, and finds a taken id and what is switched off', async () => {
    const watched = await listening('/second');
    const verdicts = async ({ httpUrl }: RealNode): Promise<string> =>
      (await diagnose({ url: httpUrl, port: watched.port, uniqueId: 'second' }))
        .map(({ check, verdict }) => `${check} ${verdict}`)
        .join(', ');
    const free = 'node ok, version ok, flag ok, port ok, uniqueId ok, eventLoops ok';
    expect([await verdicts(nodes.one), await verdicts(nodes.one)]).toEqual([free, free]);
    await watched.ext.initialize(nodes.one.httpUrl, { name: 'Second', uniqueId: 'second' });
    expect(await verdicts(nodes.one)).toBe(free.replace('uniqueId ok', 'uniqueId warning'));
    const settings = { 'opensearch.experimental.feature.extensions.enabled': false, 'http.netty.worker_count': null };
    await using off = await startRealNode({ version, offline: true, settings });
    expect(await verdicts(off)).toBe('node ok, version ok, flag problem, port ok, uniqueId unknown, eventLoops warning');
    await expect(watched.ext.initialize(off.httpUrl, { name: 'Off', uniqueId: 'off' })).rejects.toThrow('has extensions switched off');
  }, 120_000);

  test('serves two nodes by the same id at once, and one that restarts again without a manual step', async () => {
    const two = await startRealNode({ version, offline: true });
    let again: RealNode | null = null;
    open.push(two, { close: () => again?.close() });
    const watched = await listening();
    await watched.ext.initialize([nodes.one.httpUrl, two.httpUrl], { name: 'Life', uniqueId: 'life' });
    for (const node of [nodes.one, two]) expect(await ask(node, `GET ${HELLO}`)).toBe('hello there');
    expect(watched.ext.nodes).toHaveLength(2);
    two.abort();
    await two.gone;
    await expect.poll(() => watched.events.map(({ type }) => type), { timeout: 10_000 }).toContain('disconnected');
    expect(watched.ext.nodes).toMatchObject([{ name: nodes.one.nodeName }]);
    expect(await ask(nodes.one, `GET ${HELLO}`)).toBe('hello there');
    again = await startRealNode({ version, offline: true, httpPort: two.httpPort });
    await expect.poll(() => watched.ext.nodes, { timeout: 30_000 }).toHaveLength(2);
    await expect.poll(() => watched.events.filter(({ type }) => type === 'registered'), { timeout: 10_000 }).toHaveLength(3);
    for (const node of [nodes.one, again]) expect(await ask(node, `GET ${HELLO}`)).toBe('hello there');
  }, 240_000);
});
