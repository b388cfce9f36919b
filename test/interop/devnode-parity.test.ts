import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DevNode, devNode } from '../../src/devnode/dev-node.ts';
import { PARITY_CASES } from '../support/devnode-parity-cases.ts';
import { askNode } from '../support/devnode-parity.ts';
import { bootedNodes, describeReleases } from '../support/interop-node.ts';

await describeReleases('the development node answers as a genuine node does', (version) => {
  const nodes = bootedNodes({ genuine: { version } });
  let dev: DevNode;
  const masks = { genuine: [] as string[], dev: [] as string[] };

  beforeAll(async () => {
    const { clusterName, nodeName } = nodes.genuine;
    dev = await devNode({ version, clusterName, nodeName });
    masks.genuine = [await idOf(nodes.genuine.httpUrl)];
    masks.dev = [await idOf(dev.httpUrl)];
  });

  afterAll(() => dev?.close());

  const cases = PARITY_CASES.map((each) => [[each.ask, each.headers && JSON.stringify(each.headers)].join(' '), each] as const);
  test.each(cases)('%s', async (_name, parity) => {
    const expected = await askNode(nodes.genuine.httpUrl, parity, masks.genuine);
    expect(await askNode(dev.httpUrl, parity, masks.dev)).toEqual(expected);
  });
});

async function askJson(url: string, path: string): Promise<unknown> {
  return (await fetch(`${url}${path}`)).json();
}

async function idOf(url: string): Promise<string> {
  return ((await askJson(url, '/_cluster/state/master_node')) as { master_node: string }).master_node;
}
