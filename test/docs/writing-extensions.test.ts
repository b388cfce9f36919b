import { afterAll, expect, test } from 'vitest';
import { ActingNode, type InitializeBody } from './acting-node.ts';
import { curlRequests } from './curl.ts';
import { codeBlocks, read } from './markdown.ts';
import { freePort, untilListening } from './ports.ts';
import { runJavaScript } from './program.ts';
import { Scratch } from './scratch.ts';

const page = read('docs/writing-extensions.md');
const scratch = new Scratch('writing-extensions');

afterAll(() => scratch.remove());

test('the extension of the page serves its routes and reports its events', async () => {
  const port = await freePort();
  const code = codeBlocks(page).find(({ mark }) => mark === 'extension')?.code ?? '';
  const { extension } = await scratch.compile({ extension: code.replace('4500', String(port)) });
  await using program = runJavaScript(String(extension));
  await untilListening(port);
  const shell = codeBlocks(page.replaceAll(/^ {3}/gm, '')).find(({ code }) => code.startsWith('curl'))?.code ?? '';
  const [initialize] = curlRequests(shell.replace('"4500"', `"${port}"`));
  await using node = await ActingNode.initialize(JSON.parse(initialize?.body ?? '') as InitializeBody);
  await program.says(/acting-node has connected\nacting-node serves 2 routes\n/);

  expect(await node.execute('GET', '/hello/Ada')).toMatchObject({ status: 'OK', body: '{"greeting":"Hello, Ada"}' });
  expect(await node.execute('PUT', '/hello/Ada', '{"greeting":"Good day"}')).toMatchObject({ status: 'CREATED' });
  expect(await node.execute('GET', '/hello/Ada')).toMatchObject({ body: '{"greeting":"Good day, Ada"}' });
  expect(await node.execute('PUT', '/hello/Ada', '{}')).toMatchObject({ status: 'BAD_REQUEST' });
  expect(program.errors).toBe('');
});
