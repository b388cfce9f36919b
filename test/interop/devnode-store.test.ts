import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DevNode, devNode } from '../../src/devnode/dev-node.ts';
import { realNodeAvailability } from '../../src/realnode/availability.ts';
import { answerOf } from '../support/devnode-comparison.ts';
import { AGGREGATION_CASES, BULK_CASES, DOCUMENT_CASES, INDEX_CASES, SEARCH_CASES } from '../support/devnode-store-cases.ts';
import { Http } from '../support/interop-http.ts';
import { bootedNodes } from '../support/interop-node.ts';

const version = '3.9.0';
const availability = await realNodeAvailability(version);

/** In this order: each group works on what those before it have written. */
const GROUPS = { documents: DOCUMENT_CASES, bulk: BULK_CASES, search: SEARCH_CASES, aggregations: AGGREGATION_CASES, indices: INDEX_CASES };

const title = `the store of a development node answers as OpenSearch ${version}`;
if (!availability.available) test(title, (context) => context.skip(availability.reason));
else {
  describe(title, () => {
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
}
