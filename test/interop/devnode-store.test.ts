import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DevNode, devNode } from '../../src/devnode/dev-node.ts';
import { answerOf } from '../support/devnode-comparison.ts';
import { AGGREGATION_CASES, BULK_CASES, DOCUMENT_CASES, EDGE_CASES, INDEX_CASES, SEARCH_CASES } from '../support/devnode-store-cases.ts';
import { Http } from '../support/interop-http.ts';
import { bootedNodes, describeReleases } from '../support/interop-node.ts';

/** In this order: each group works on what those before it have written. */
const GROUPS = {
  documents: DOCUMENT_CASES,
  bulk: BULK_CASES,
  search: SEARCH_CASES,
  aggregations: AGGREGATION_CASES,
  indices: INDEX_CASES,
  edges: EDGE_CASES,
};

await describeReleases('the store of a development node answers as a genuine one', (version) => {
  const nodes = bootedNodes({ genuine: { version } });
  let development: DevNode;
  let [http, httpOfDevelopment]: Http[] = [];
  beforeAll(async () => {
    development = await devNode({ version });
    [http, httpOfDevelopment] = [new Http(nodes.genuine.httpUrl), new Http(development.httpUrl)];
  });
  afterAll(async () => {
    http?.close();
    httpOfDevelopment?.close();
    await development.close();
  });

  test.each(Object.entries(GROUPS))('%s', async (_, cases) => {
    for (const each of cases) {
      const genuine = await answerOf(http as Http, each);
      // Soft: one test tells of every request that differs.
      expect.soft(await answerOf(httpOfDevelopment as Http, each), `${each[0]} ${JSON.stringify(each[1])}`).toEqual(genuine);
    }
  });
});
