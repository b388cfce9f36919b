import { expect, test } from 'vitest';
import { type RealNode, startRealNode } from '../../src/realnode/real-node.ts';
import { describeReleases } from '../support/interop-node.ts';
import { expectLife, expectSettings } from '../support/supervised-life.ts';
import { SupervisedFile } from '../support/supervised-node.ts';

await describeReleases('a supervised extension', (version) => {
  test('is edited, killed and served again by a node that restarts', async () => {
    const log: string[] = [];
    const onLog = (line: string): void => {
      if (line.includes('DEPRECATION')) log.push(line);
    };
    const options = { onLog, version, offline: true, nodeName: 'the-node', clusterName: 'the-cluster' };
    let node: RealNode = await startRealNode(options);
    const { httpUrl, httpPort, transportPort } = node;
    try {
      await using supervised = new SupervisedFile();
      await expectLife(supervised, {
        httpUrl,
        deprecations: () => log.join('\n'),
        restart: async () => {
          await node.close();
          node = await startRealNode({ ...options, httpPort, transportPort });
        },
      });
      expect(supervised.supervisor.nodes).toMatchObject([{ name: 'the-node', version }]);
    } finally {
      await node.close();
    }
  }, 240_000);

  test('has the settings of the cluster in every worker', async () => {
    await using node = await startRealNode({ version, offline: true });
    await using supervised = new SupervisedFile();
    await expectSettings(supervised, node, node.transportAddress);
  }, 120_000);
});
