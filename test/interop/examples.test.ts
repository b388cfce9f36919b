import { test } from 'vitest';
import { EXAMPLE_CHECKS } from '../support/example-extensions.ts';
import { bootedNodes, describeReleases } from '../support/interop-node.ts';

await describeReleases('the examples of extensions', (version) => {
  const nodes = bootedNodes({ one: { version } });

  test.each(Object.entries(EXAMPLE_CHECKS))('%s', (_, check) => check({ httpUrl: nodes.one.httpUrl, address: nodes.one.transportAddress }));
});
