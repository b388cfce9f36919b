import { describe, expect, test } from 'vitest';
import { devNode } from '../../src/devnode/dev-node.ts';
import { EXAMPLE_CHECKS } from '../support/example-extensions.ts';

describe.each(['2.19.6', '3.9.0'])('with a development node of %s', (version) => {
  test.each(Object.entries(EXAMPLE_CHECKS))('%s', async (_, check) => {
    const node = await devNode({ version });
    try {
      await check(node);
      await expect.poll(() => node.extensions.filter(({ isConnected }) => isConnected)).toEqual([]);
    } finally {
      await node.close();
    }
  });
});
