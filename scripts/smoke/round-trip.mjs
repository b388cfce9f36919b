// Runs inside the empty project of the smoke suite, under each Node line: uses the installed package as a user does. Prints one JSON line per check.
// Arguments: folder of the vectors, path of the installed command `ostp`.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createClient, createServer, defineAction, RemoteError, StatusError, string, struct, vLong } from 'opensearch-transport';
import { extension as messages } from 'opensearch-transport/actions';
import { memoryCarrier, tcp } from 'opensearch-transport/carrier';
import { extension } from 'opensearch-transport/extension';

const [vectors, ostp] = process.argv.slice(2);
const MIN_VECTORS = 100;

const echo = defineAction({
  name: 'smoke:echo',
  request: struct({ text: string, at: vLong }),
  response: struct({ text: string, at: vLong }),
});
const refuse = defineAction({ name: 'smoke:refuse', request: struct({}), response: struct({}) });

await check('client and server over TCP', () => callsOver(tcp()));
await check('client and server in memory', () => callsOver(memoryCarrier()));
await check('an extension answers a REST request', extensionAnswers);
for (const release of ['2.19.6', '3.9.0']) await check(`golden vectors of ${release} through \`ostp codec\``, () => recodes(release));
await check('ostp --version', () => assert.match(run('--version'), /^\d+\.\d+\.\d+/));
await check('ostp encode, ostp decode', encodesAndDecodes);

async function check(name, run) {
  try {
    await run();
    console.log(JSON.stringify({ name, ok: true }));
  } catch (error) {
    console.log(JSON.stringify({ name, ok: false, error: String(error?.stack ?? error) }));
  }
}

async function callsOver(carrier) {
  const server = createServer({ carrier });
  server.handle(echo, (request) => request);
  server.handle(refuse, () => {
    throw new StatusError(403, 'not for you');
  });
  const { host, port } = await server.listen(0);
  const client = createClient({ nodes: [`${host}:${port}`], carrier, reconnect: false });
  try {
    const requests = Array.from({ length: 100 }, (_, at) => ({ text: `grüße ${at} ${'x'.repeat(at * 500)}`, at }));
    assert.deepEqual(await Promise.all(requests.map((request) => client.call(echo, request))), requests);
    await assert.rejects(client.call(refuse, {}), (error) => error instanceof RemoteError && error.status === 403);
  } finally {
    await client.close();
    await server.close();
  }
}

async function extensionAnswers() {
  const ext = extension({ port: 0 });
  ext.get('/hello/{name}', ({ params }) => ({ greeting: `Hello, ${params.name}` }));
  const { port } = await ext.listen();
  const client = createClient(`127.0.0.1:${port}`);
  try {
    const { status, content } = await client.call(messages.restExecute, {
      method: 'GET',
      uri: '/_extensions/_smoke/hello/Ada',
      path: '/hello/Ada',
      params: { name: 'Ada' },
      mediaType: null,
      content: Buffer.alloc(0),
      principalIdentifierToken: 'token',
    });
    assert.equal(status, 'OK');
    assert.deepEqual(JSON.parse(content.toString()), { greeting: 'Hello, Ada' });
  } finally {
    await client.close();
    await ext.close();
  }
}

/** Bytes of genuine classes: decoded and encoded again, they are the same. */
function recodes(release) {
  const golden = JSON.parse(gunzipSync(readFileSync(join(vectors, `golden-${release}.json.gz`))).toString());
  const known = new Set(JSON.parse(run('codec', '{"op":"ping"}\n')).types);
  const lines = golden.flatMap(({ id, kind, check: how, streamVersion, value, hex }) => {
    const type = `${kind === 'action.request' ? 'request' : 'response'}:${value?.action}`;
    const isAction = kind === 'action.request' || kind === 'action.response';
    return how === 'bytes' && isAction && known.has(type) ? [{ op: 'recode', type, version: streamVersion, hex, id }] : [];
  });
  assert.ok(lines.length > MIN_VECTORS, `expected more than ${MIN_VECTORS} vectors, got ${lines.length}`);
  const answers = run('codec', `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`)
    .trim()
    .split('\n');
  assert.equal(answers.length, lines.length);
  for (const [at, { id, hex }] of lines.entries()) assert.deepEqual(JSON.parse(answers[at]), { id, ok: true, hex, rest: 0 });
}

function encodesAndDecodes() {
  const [hex] = /[0-9a-f]{40,}/.exec(run('encode', 'cluster:monitor/health', 'request', '{"level":"SHARDS"}'));
  assert.ok(hex.length > 40);
  assert.match(run('decode', '4553ffffffff'), /ping/i);
}

/** Runs `ostp` with arguments; text that ends in a line break goes to its standard input. */
function run(...args) {
  const input = args.at(-1).endsWith('\n') ? args.pop() : '';
  return execFileSync(process.execPath, [ostp, ...args], { input, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
}
