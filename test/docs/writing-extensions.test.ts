import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { extension } from '../../src/extension/extension.ts';
import { updateClusterSettings } from '../../src/protocol/action/shared/cluster-settings.ts';
import { tls } from '../../src/transport/carrier/tls.ts';
import { createClient } from '../../src/transport/client/client.ts';
import { CertificateOffice } from '../contract/certificates.ts';
import { curlRequests } from './curl.ts';
import { ExtensionPage, send, withNode } from './extension-page.ts';
import { ROOT } from './markdown.ts';
import { Program, runJavaScript } from './program.ts';

// Every block of the page is executed: TypeScript blocks are compiled and served by a development node. Ports are replaced by free ones.
const page = new ExtensionPage('docs/writing-extensions.md');
const cli = `${ROOT}dist/cli/ostp.js`;
const NODE_URL = 'http://127.0.0.1:9200';
const openssl = CertificateOffice.isOpen();
const office = openssl ? new CertificateOffice() : null;

beforeAll(async () => {
  await page.compile((code) =>
    code
      .replace(/await ext\.initialize\('[^']*'/, "await ext.initialize(String(process.env['NODE_URL'])")
      .replace(/'(extension|ca)\.(pem|key)'/g, (_, name, end) => `'${office?.path(`${name}.${end}`) ?? ''}'`),
  );
});
afterAll(() => {
  page.remove();
  office?.close();
});

test('every block has a mark, except shell and the settings of a node', () => {
  expect(page.blocks.filter(({ mark, language }) => mark === null && language !== 'sh' && language !== 'yaml')).toEqual([]);
});

test('ostp dev serves the complete extension', async () => {
  const file = page.scratch.write('hello.ts', page.block('extension').code);
  const ports = ['--port', '0', '--http-port', '0', '--transport-port', '0'];
  await using program = runJavaScript(cli, ['dev', file, ...ports]);
  const [, url = ''] = await program.says(/REST +(http:\S+)/);
  await program.says(/Press Ctrl-C/);
  const requests = curlRequests(page.block('extension-curl').code);
  const answers: string[] = [];
  for (const request of requests) answers.push((await send(request.url.replace('http://localhost:9200', url), request)).text);
  expect(answers).toEqual(['{"greeting":"Hello, Ada"}', '{"saved":true}', '{"greeting":"GOOD DAY, ADA"}']);
});

describe('served by a development node', () => {
  test('requests', () =>
    withNode(async (node) => {
      await using served = await page.serve('requests', node);
      expect((await served.send('GET /shelves/a%2Fb/books/1?size=5&fields=x,y&verbose')).json).toEqual({
        shelf: 'a/b',
        book: '1',
        size: 5,
        order: 'asc',
        fields: ['x', 'y'],
        isVerbose: true,
      });
      expect(await served.send('GET /shelves/a/books/1?size=many')).toMatchObject({ status: 400 });
      expect(await served.send('GET /shelves/a/books/1?order=up')).toMatchObject({ status: 400 });
    }));

  test('bodies', () =>
    withNode(async (node) => {
      await using served = await page.serve('bodies', node);
      const lines = '{"title":"The Waves"}\n{"title":"Orlando"}\n';
      expect(await served.send('POST /books/lines', lines, 'application/x-ndjson')).toMatchObject({ json: { count: 2 } });
      const parsed = { contentType: 'application/yaml', title: 'Orlando' };
      expect(await served.send('POST /books', 'title: Orlando', 'application/yaml')).toMatchObject({ json: parsed });
      expect(await served.send('POST /books', 'a', 'text/csv')).toMatchObject({ status: 406 });
      expect(await served.send('POST /books', '{')).toMatchObject({ status: 400 });
    }));

  test('strictParams', () =>
    withNode(async (node) => {
      await using served = await page.serve('strict', node);
      expect(await served.send('GET /strict?size=5')).toMatchObject({ status: 200, json: { size: 5 } });
      expect(await served.send('GET /strict?sise=5')).toMatchObject({
        status: 400,
        json: { error: { reason: 'request [/_extensions/_strict/strict] contains unrecognized parameter: [sise]' } },
      });
    }));

  test('genericRoutes', () =>
    withNode(async (node) => {
      await using served = await page.serve('generic', node);
      expect((await served.send('GET /ahoy/Ada')).status).toBe(400);
      expect(await served.send('POST /greetings/ahoy')).toMatchObject({ json: { added: 'ahoy' } });
      expect(await served.send('GET /ahoy/Ada')).toMatchObject({ status: 200, text: 'ahoy, Ada' });
    }));

  test('a deprecated route', () =>
    withNode(async (node) => {
      await using served = await page.serve('deprecated', node);
      const answer = await served.send('GET /hi/Ada');
      expect(answer).toMatchObject({ status: 200, text: 'Hi, Ada' });
      expect(answer.headers.get('warning')).toContain('use /hello');
      expect((await served.send('GET /hi/Ada')).headers.get('warning')).toBeNull();
    }));

  test('answers', () =>
    withNode(async (node) => {
      await using served = await page.serve('answers', node);
      expect(await served.send('GET /report')).toMatchObject({ status: 200, json: { books: 3 } });
      expect(await served.send('GET /report?format=yaml')).toMatchObject({ status: 200, text: '---\nbooks: 3\n' });
      const csv = await served.send('GET /report?csv');
      expect(csv.text).toBe('books\n3\n');
      expect([csv.headers.get('content-type'), csv.headers.get('cache-control')]).toEqual(['text/csv', 'no-store']);
    }));

  test('errors', () =>
    withNode(async (node) => {
      await using served = await page.serve('errors', node);
      expect((await served.send('GET /books/17')).json).toEqual(JSON.parse(page.block('errors-answer').code));
    }));

  test('a deadline', () =>
    withNode(async (node) => {
      await using served = await page.serve('deadline', node);
      const events: string[] = [];
      served.ext.on('handlerTimedOut', ({ type }) => void events.push(type));
      served.ext.on('handlerFailed', ({ type, isLate }) => void events.push(`${type} ${isLate}`));
      expect((await served.send('GET /slow')).status).toBe(504);
      expect(events[0]).toBe('handlerTimedOut');
    }));

  test('events', () =>
    withNode(async (node) => {
      await using served = await page.serve('events', node);
      expect(served.ext.nodes).toHaveLength(1);
    }));

  test('settings', () =>
    withNode(async (node) => {
      await using served = await page.serve('settings', node);
      expect((await served.send('GET /hello/Ada')).json).toEqual(['Hello, Ada']);
      const [request] = curlRequests(page.block('settings-curl').code);
      const { persistent } = JSON.parse(String(request?.body)) as { persistent: Record<string, string> };
      await served.ext.node.call(updateClusterSettings, { persistent });
      await expect.poll(async () => (await served.send('GET /hello/Ada')).json).toEqual(['Ahoy, Ada']);
      const tooMany = served.ext.node.call(updateClusterSettings, { persistent: { 'custom.hello.repeat': '6' } });
      await expect(tooMany).rejects.toMatchObject({ status: 400 });
    }));

  test('calls of the node', () =>
    withNode(async (node) => {
      await using served = await page.serve('node-calls', node);
      expect(await served.send('PUT /notes/1', '{"text":"hi"}')).toMatchObject({ status: 200, json: { result: 'CREATED' } });
      expect(await served.send('GET /notes/1')).toMatchObject({ status: 200, json: { note: { text: 'hi' } } });
      expect(await served.send('GET /notes/2')).toMatchObject({ status: 404, json: { error: { type: 'note_not_found_exception' } } });
    }));

  test('the REST API of the node', () =>
    withNode(async (node) => {
      await using served = await page.serve('rest-client', node);
      expect(await served.send('GET /mine')).toMatchObject({ status: 200, json: { status: 404, count: 0 } });
      await send(`${node.httpUrl}/notes/_doc/1?refresh=true`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: '{"text":"hi"}',
      });
      expect(await served.send('GET /mine')).toMatchObject({ status: 200, json: { status: 200, count: 1 } });
    }));

  test('transport actions', () =>
    withNode(async (node) => {
      await using caller = await page.serve('actions-caller', node);
      caller.ext.on('handlerFailed', () => undefined);
      expect((await caller.send('GET /greet/Ada')).json).toMatchObject({ error: { type: expect.any(String) as string } });
      await using greeter = await page.serve('actions-greeter', node);
      expect(greeter.ext.nodes).toHaveLength(1);
      expect(await caller.send('GET /greet/Ada')).toMatchObject({ status: 200, json: { greeting: 'Hello, Ada' } });
    }));

  test('initialize()', () =>
    withNode(async (node) => {
      await using program = runJavaScript(page.file('initialize'), [], { NODE_URL: node.httpUrl });
      await program.says(/try http/);
      expect(await send(`${node.httpUrl}/_extensions/_hello/hello`)).toMatchObject({ status: 200, text: 'Hello, world' });
      const [request] = curlRequests(page.block('initialize-curl').code);
      const again = await send(`${node.httpUrl}/_extensions/initialize`, request);
      expect(again.text).toContain('Duplicate uniqueId [hello]');
    }));

  test('the request of curl initialises an extension', () =>
    withNode(async (node) => {
      const ext = await page.load('extension');
      try {
        const registered = new Promise((resolve) => ext.on('registered', resolve));
        const [request] = curlRequests(page.block('initialize-curl').code);
        const body = String(request?.body).replace('4500', String(page.port('extension')));
        expect(await send(`${node.httpUrl}/_extensions/initialize`, { ...request, body })).toMatchObject({ status: 202 });
        await registered;
        expect(await send(`${node.httpUrl}/_extensions/_hello/hello/Ada`)).toMatchObject({ status: 200 });
      } finally {
        await ext.close({ drainMs: 0 });
      }
    }));

  test('ostp register and ostp doctor', () =>
    withNode(async (node) => {
      const ext = extension({ port: 0 });
      ext.get('/hello', () => 'Hello, world');
      const { port } = await ext.listen();
      try {
        const args = [node.httpUrl, '--id', 'cli', '--port', String(port)];
        await using doctor = runJavaScript(cli, ['doctor', ...args]);
        await doctor.ended;
        expect(doctor.output).toContain("the unique id 'cli' is free");
        await using register = runJavaScript(cli, ['register', ...args]);
        await register.result();
        expect(await send(`${node.httpUrl}/_extensions/_cli/hello`)).toMatchObject({ status: 200 });
      } finally {
        await ext.close({ drainMs: 0 });
      }
    }));

  test('diagnose()', () =>
    withNode(async (node) => {
      const code = page.block('diagnose').code.replace(NODE_URL, node.httpUrl);
      await using program = runJavaScript(page.scratch.write('diagnose.mjs', code.replace('port: 4500', 'port: 1')));
      const output = await program.result();
      expect(output.split('\n').map((line) => line.split(': ').slice(0, 2).join(' '))).toEqual([
        'node ok',
        'version ok',
        'flag ok',
        'port problem',
        'uniqueId ok',
        expect.stringMatching(/^eventLoops /) as string,
        '',
      ]);
    }));
});

test('the test of the page passes', async () => {
  await using program = new Program(process.execPath, ['--test', page.scratch.write('hello.test.mjs', page.block('node-test').code)]);
  expect(await program.result()).toMatch(/pass 1\n/);
});

test('a supervisor', () =>
  withNode(async (node) => {
    const code = page.block('supervise').code.replace('./hello.js', page.scratch.write('worker.mjs', SUPERVISED));
    await using program = runJavaScript(page.scratch.write('supervise.mjs', code), [], { NODE_URL: node.httpUrl });
    await expect.poll(async () => (await send(`${node.httpUrl}/_extensions/_sup/v`)).text, { timeout: 20_000 }).toBe('1');
    writeFileSync(`${page.scratch.folder}/worker.mjs`, SUPERVISED.replace("'1'", "'2'"));
    await program.says(/reloaded in \d+ ms/);
    expect((await send(`${node.httpUrl}/_extensions/_sup/v`)).text).toBe('2');
    writeFileSync(`${page.scratch.folder}/worker.mjs`, 'syntax error');
    await expect.poll(() => program.errors, { timeout: 20_000 }).not.toBe('');
    expect((await send(`${node.httpUrl}/_extensions/_sup/v`)).text).toBe('2');
  }));

const SUPERVISED = `import { extension } from 'opensearch-transport/extension';
const ext = extension({ port: 0 });
ext.get('/v', () => '1');
await ext.listen();
await ext.initialize(process.env.NODE_URL, { name: 'sup', uniqueId: 'sup' });
`;

test.skipIf(!openssl)('TLS', async () => {
  const made = office as CertificateOffice;
  const root = made.authority('ca');
  made.issue('extension', 'ca', 'IP:127.0.0.1');
  const own = made.issue('node', 'ca', 'IP:127.0.0.1');
  const ext = await page.load('tls');
  try {
    const connect = async (carrier: ReturnType<typeof tls>) => {
      const client = createClient({ nodes: [`127.0.0.1:${page.port('tls')}`], carrier, profile: 'single', reconnect: false });
      try {
        await client.connect({ timeoutMs: 3_000 });
      } finally {
        await client.close({ drainMs: 0 });
      }
    };
    await connect(tls({ ca: root.cert, ...own }));
    await expect(connect(tls({ ca: root.cert }))).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_/) as string });
  } finally {
    await ext.close({ drainMs: 0 });
  }
});
