import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXAMPLE_CHECKS } from '../support/example-extensions.ts';
import { ActingNode } from './acting-node.ts';
import { createDocumentNode } from './document-node.ts';
import { codeBlocks, read, ROOT } from './markdown.ts';
import { freePort } from './ports.ts';
import { Program, runJavaScript } from './program.ts';
import { Scratch } from './scratch.ts';

const example = (name: string): string => `${ROOT}examples/${name}`;

async function linesOf(name: string, ...args: string[]): Promise<string[]> {
  await using program = runJavaScript(example(name), args);
  const output = await program.result();
  expect(program.errors).toBe('');
  return output.trimEnd().split('\n');
}

test('every example has a test and is named in examples/README.md', () => {
  const all = readdirSync(`${ROOT}examples`, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  const page = read('examples/README.md');
  const tests = read('test/docs/examples.test.ts') + Object.keys(EXAMPLE_CHECKS).map((files) => files.replace(/[^ ]+\.js/g, "'$&'"));
  expect(all.filter((name) => !page.includes(`examples/${name.replaceAll('\\', '/')}`))).toEqual([]);
  expect(all.filter((name) => !tests.includes(`'${name.replaceAll('\\', '/')}'`))).toEqual([]);
});

describe('documents.js', () => {
  const server = createDocumentNode();
  let address = '';

  beforeAll(async () => {
    address = `127.0.0.1:${(await server.listen(0)).port}`;
  });
  afterAll(() => server.close());

  test('writes, reads and meets an error', async () => {
    expect(await linesOf('documents.js', address)).toEqual([
      'documents of documents runs 2.19.0',
      '1 CREATED',
      '2 CREATED',
      '3 CREATED',
      'The Waves',
      'ERR_REMOTE 404: no such index [no-such-index]',
    ]);
  });
});

test('custom-action.js', async () => {
  expect((await linesOf('custom-action.js')).join('\n')).toBe(
    [
      "{ words: [ 'carrier', 'channel', 'client' ], more: 3 }",
      "{ words: [ 'codec', 'combinator' ], more: 1 }",
      'ERR_REMOTE 400 prefix must not be empty',
    ].join('\n'),
  );
});

test('interceptors.js', async () => {
  expect(await linesOf('interceptors.js')).toEqual([
    'demo:greet for nightly-report: done',
    'Hello, Ada',
    'demo:greet for by-hand: done',
    'Hello, Grace',
    'demo:greet for nightly-report: name must not be empty',
  ]);
});

test('streaming.js', async () => {
  const [sent, received] = await linesOf('streaming.js');
  expect(sent).toBe('sent 67108864 bytes');
  expect(received).toMatch(/^received 67108864 bytes, the same: true$/);
});

const openssl = spawnSync('openssl', ['version']).status === 0;

test.skipIf(!openssl)(`tls.js, with the certificates of examples/README.md${openssl ? '' : ' (skipped: no openssl)'}`, async () => {
  const scratch = new Scratch('certificates');
  try {
    const commands = codeBlocks(read('examples/README.md')).find(({ mark }) => mark === 'certificates')?.code ?? '';
    await using made = new Program('sh', ['-ec', `cd "${scratch.folder}"\n${commands}`]);
    await made.result();
    const [first, second, ...rest] = await linesOf('tls.js', scratch.folder);
    expect(first).toBe('over TLS');
    expect(second).toMatch(/^without a certificate: ERR_/);
    expect(rest).toEqual([]);
  } finally {
    scratch.remove();
  }
});

test('hello-extension/hello.js, with a peer that plays its node', async () => {
  const port = await freePort();
  await using program = runJavaScript(example('hello-extension/hello.js'), [], { PORT: String(port) });
  await program.says(new RegExp(`listening on 127\\.0\\.0\\.1:${port}`));
  const identity = {
    name: 'hello',
    uniqueId: 'hello',
    hostAddress: '127.0.0.1',
    opensearchVersion: '2.19.0',
    minimumCompatibleVersion: '2.19.0',
  };
  await using node = await ActingNode.initialize({ ...identity, port });
  await program.says(/acting-node 2\.19\.0 serves 3 routes of hello/);

  expect(await node.execute('GET', '/hello')).toMatchObject({ status: 'OK', body: 'Hello, world' });
  expect(await node.execute('GET', '/hello/Ada')).toMatchObject({ status: 'OK', body: '{"greeting":"Hello, Ada"}' });
  expect(await node.execute('PUT', '/hello/Ada', '{"greeting":"Good day"}')).toMatchObject({ status: 'CREATED', body: '{"saved":true}' });
  expect(await node.execute('GET', '/hello/Ada')).toMatchObject({ body: '{"greeting":"Good day, Ada"}' });
  const refused = await node.execute('PUT', '/hello/Ada', '{}');
  expect(refused.status).toBe('BAD_REQUEST');
  expect(JSON.parse(refused.body)).toMatchObject({
    status: 400,
    error: { type: 'illegal_argument_exception', reason: 'greeting must be a string' },
  });
  expect(program.errors).toBe('');
});
