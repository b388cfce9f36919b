import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DevNode, devNode } from '../../src/devnode/dev-node.ts';
import { bootedNodes, describeReleases } from '../support/interop-node.ts';
import { EXTENSION_CASES } from '../support/parity/cases.ts';
import { type ParityNode, runParity } from '../support/parity/run-parity.ts';

await describeReleases('an extension has the same answers through a development node and a genuine one', (version) => {
  const nodes = bootedNodes({ genuine: { version } });
  const asked = {} as { genuine: ParityNode; dev: ParityNode; node: DevNode };

  beforeAll(async () => {
    asked.node = await devNode({ version });
    asked.dev = await runParity(asked.node.httpUrl);
    asked.genuine = await runParity(nodes.genuine.httpUrl);
  });

  afterAll(async () => {
    await asked.genuine?.close();
    await asked.dev?.close();
    await asked.node?.close();
  });

  const cases = EXTENSION_CASES.map(
    (each) => [`${each.ask} ${JSON.stringify(each.headers ?? {})} ${each.body?.slice(0, 60) ?? ''}`, each] as const,
  );
  test.each(cases)('%s', async (_name, parity) => {
    const expected = await asked.genuine.ask(parity);
    expect(await asked.dev.ask(parity)).toEqual(expected);
  });
});
