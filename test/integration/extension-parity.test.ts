import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DevNode, devNode } from '../../src/devnode/dev-node.ts';
import { PARITY_PREFIX as AT } from '../support/parity/parity-extension.ts';
import { type ParityNode, runParity } from '../support/parity/run-parity.ts';

/** What genuine nodes of both lines answered: request, status, content type, body. */
const RECORDED = [
  [`GET ${AT}/hello`, 200, 'text/plain; charset=UTF-8', 'hello'],
  [`GET ${AT}/status/205`, 205, 'application/json; charset=UTF-8', ''],
  [`GET ${AT}/status/413`, 413, 'application/json; charset=UTF-8', '{"code":"413"}'],
] as const;

describe.each(['2.19.6', '3.9.0'])('an extension on a development node of %s', (version) => {
  const made = {} as { node: DevNode; parity: ParityNode };
  beforeAll(async () => {
    made.node = await devNode({ version });
    made.parity = await runParity(made.node.httpUrl);
  });
  afterAll(async () => {
    await made.parity?.close();
    await made.node?.close();
  });

  test.each(RECORDED)('%s is answered %i', async (ask, status, type, body) => {
    const answer = await made.parity.ask({ ask });
    expect(answer).toMatchObject({ status, headers: { 'content-type': type }, body });
    expect(answer.headers['transfer-encoding']).toBeUndefined();
    expect(answer.headers['x-opensearch-version']).toBe((await made.parity.ask({ ask: 'GET /' })).headers['x-opensearch-version']);
    if (status === 205) expect(answer.headers['content-length']).toBe('0');
  });
});
