import { afterEach, expect, test } from 'vitest';
import { echo } from '../../../src/cli/demo/echo.ts';
import { StreamOutput } from '../../../src/protocol/wire/stream-output.ts';
import { type ScriptedNode, scriptedNode } from '../../../src/testing/scripted-node.ts';
import { type Client, createClient } from '../../../src/transport/client/client.ts';

let client: Client | null = null;
let node: ScriptedNode | null = null;
afterEach(async () => {
  client?.abort();
  await node?.close();
});

test('shakes hands, and answers as the script says', async () => {
  node = await scriptedNode({
    version: '2.19.6',
    script: (request, peer) => {
      const output = new StreamOutput({ version: request.version });
      echo.response.write(output, { text: String(request.requestHeaders['who']), at: 1 });
      peer.answer(request, { body: output.toBuffer() });
    },
  });
  client = createClient({ nodes: [node.address] });
  expect(await client.call(echo, { text: 'hi' }, { headers: { who: 'me' } })).toMatchObject({ text: 'me' });
  expect(node.requests.map(({ action }) => action)).toEqual(['demo:echo']);
  expect(node.errors).toEqual([]);
});

test('a node that breaks off costs its calls only', async () => {
  node = await scriptedNode({ script: (_, peer) => peer.abort() });
  client = createClient({ nodes: [node.address], timeoutMs: 2_000 });
  await expect(client.call(echo, { text: 'hi' })).rejects.toMatchObject({ code: 'ERR_CONNECTION_LOST' });
});

test('a script that throws is told of in errors', async () => {
  node = await scriptedNode({
    script: () => {
      throw new Error('oops');
    },
  });
  client = createClient({ nodes: [node.address] });
  await expect(client.call(echo, { text: 'hi' }, { timeoutMs: 100 })).rejects.toMatchObject({ code: 'ERR_DEADLINE' });
  expect(node.errors).toMatchObject([{ message: 'oops' }]);
});
