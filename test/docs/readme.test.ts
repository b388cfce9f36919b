import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { health } from '../../src/protocol/action/cluster/health.ts';
import { decode } from '../../src/protocol/codec/codec.ts';
import { parseVersion } from '../../src/protocol/wire/version.ts';
import { realNodeAvailability } from '../../src/realnode/availability.ts';
import { type RealNode, startRealNode } from '../../src/realnode/real-node.ts';
import { ActingNode, type InitializeBody } from './acting-node.ts';
import { curlRequests } from './curl.ts';
import { createDocumentNode } from './document-node.ts';
import { FreshProject } from './fresh-project.ts';
import { type CodeBlock, codeBlocks, read, ROOT } from './markdown.ts';
import { freePort, untilListening } from './ports.ts';
import { Program, runJavaScript } from './program.ts';

// The blocks of the README run as they are written, in a new project that has installed the packed package as the README says. Only port numbers
// are replaced, by those of this run: 9300 and 9200 by those of the node called, 4500 by a free one.
const blocks = codeBlocks(read('README.md'));
const { exports } = JSON.parse(read('package.json')) as { exports: object };
const doors = Object.keys(exports).flatMap((door) => (door === './package.json' ? [] : [door.replace('.', 'opensearch-transport')]));
const DOCUMENT = '{"text":"hi"}';

let project: FreshProject;

beforeAll(async () => {
  project = await FreshProject.create();
  await project.shell(block('install').code);
  project.write('tsconfig.json', block('tsconfig').code);
  for (const { mark, language, code } of blocks) if (mark !== null && language === 'ts') project.write(`${mark}.ts`, code);
  await project.shell('npx tsc');
}, 120_000);
afterAll(() => project?.remove());

function block(mark: string): CodeBlock {
  const found = blocks.find((candidate) => candidate.mark === mark);
  if (found === undefined) throw new Error(`README.md has no block marked <!-- test: ${mark} -->`);
  return found;
}

function withPorts(code: string, ports: Readonly<Record<number, number>>): string {
  return Object.entries(ports).reduce((text, [written, real]) => text.replaceAll(new RegExp(`\\b${written}\\b`, 'g'), String(real)), code);
}

/** Starts what the compiler made of a TypeScript block, or a JavaScript block as it is. */
function start(mark: string, ports: Readonly<Record<number, number>>): Program {
  const { language, code } = block(mark);
  const source = language === 'js' ? code : project.read(`${mark}.js`);
  return runJavaScript(project.write(`${mark}-${Object.values(ports).join('-')}.js`, withPorts(source, ports)));
}

async function outputOf(mark: string, ports: Readonly<Record<number, number>> = {}): Promise<string[]> {
  await using program = start(mark, ports);
  return (await program.result()).trimEnd().split('\n');
}

describe('every block', () => {
  test('has a mark that a test here knows, unless it is shell', () => {
    const known = ['install', 'tsconfig', 'client', 'run', 'client-js', 'server', 'extension', 'extension-curl', 'cli', 'cli-node'];
    const marks = blocks.flatMap(({ mark }) => mark ?? []);
    expect([...marks].sort()).toEqual([...known].sort());
    expect(blocks.filter(({ mark, language }) => mark === null && language !== 'sh')).toEqual([]);
  });
});

describe('a project made as the README says', () => {
  test('compiles and runs its first file', async () => {
    const server = createDocumentNode();
    const { port } = await server.listen(0);
    try {
      project.write('hello.ts', withPorts(block('client').code, { 9300: port }));
      expect(await project.shell(block('run').code)).toEqual([`GREEN\n${DOCUMENT}\n`]);
    } finally {
      await server.close();
    }
  });

  const oldest = '.cache/typescript-oldest/node_modules/typescript';
  const missing = existsSync(ROOT + oldest) ? '' : ' (skipped: run `npm run typescript:oldest` first)';

  test.skipIf(missing !== '')(`compiles with the oldest TypeScript it names, the types of the package included${missing}`, async () => {
    const { version } = JSON.parse(read(`${oldest}/package.json`)) as { version: string };
    expect(read('README.md')).toContain(`TypeScript, ${version.split('.').slice(0, 2).join('.')} or later`);
    project.write('doors.ts', doors.map((door, at) => `import type * as door${at} from '${door}';\n`).join(''));
    await project.shell(`"${process.execPath}" "${ROOT}${oldest}/bin/tsc" --noEmit --skipLibCheck false`);
  });

  test('installs the dependencies that the README names', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: object };
    const sentence = /runtime dependencies: ([^.]+)\./.exec(read('README.md'))?.[1] ?? '';
    expect([...sentence.matchAll(/`([^`]+)`/g)].map(([, name]) => name)).toEqual(Object.keys(dependencies));
  });

  test('can import every module of the table, and no other', () => {
    const table = [...read('README.md').matchAll(/^\| `(opensearch-transport[\w/…-]*)` \| (.*) \|$/gm)];
    const named = table.flatMap(([, name = '', contents = '']) => {
      if (!name.endsWith('/…')) return [name];
      const folder = name.slice(0, -'…'.length);
      return [...contents.matchAll(/`(\w+)`/g)].map(([, family]) => `${folder}${String(family)}`);
    });
    expect(new Set(named)).toEqual(new Set(doors));
  });
});

describe('against a server of our own', () => {
  const server = createDocumentNode();
  let port = 0;

  beforeAll(async () => {
    ({ port } = await server.listen(0));
  });
  afterAll(() => server.close());

  test('client', async () => {
    expect(await outputOf('client', { 9300: port })).toEqual(['GREEN', DOCUMENT]);
  });

  test('client-js', async () => {
    expect(await outputOf('client-js', { 9300: port })).toEqual(['documents runs 2.19.0']);
  });

  test('server', async () => {
    expect(await outputOf('server')).toEqual(['hello 👋']);
  });

  test('extension, with a peer that plays its node', async () => {
    const port = await freePort();
    await using program = start('extension', { 4500: port });
    await untilListening(port);
    const [initialize, call] = curlRequests(withPorts(block('extension-curl').code, { 4500: port }));
    await using node = await ActingNode.initialize(JSON.parse(initialize?.body ?? '') as InitializeBody);
    expect(node.routes).toHaveLength(1);
    const path = new URL(call?.url ?? '').pathname.replace('/_extensions/_greeter', '');
    expect(await node.execute('GET', path)).toEqual({
      status: 'OK',
      contentType: expect.stringContaining('application/json') as string,
      body: '{"greeting":"Hello, Ada"}',
    });
    expect(await node.execute('GET', '/hello/you/there')).toMatchObject({ status: 'BAD_REQUEST' });
    expect(program.errors).toBe('');
  });
});

describe('the command line', () => {
  test('actions, decode and encode', async () => {
    const [actions, decoded, encoded] = await shellOutputs(block('cli').code);
    expect(actions).toMatch(/cluster:monitor\/health +cluster\.health/);
    expect(decoded).toMatch(/ping/i);
    const [hex = ''] = /[0-9a-f]{40,}/.exec(encoded ?? '') ?? [];
    expect(bodyIn(hex)).toMatchObject({ level: 'SHARDS' });
  });

  test('`npm start -- --once` prints the first answer and ends by itself', async () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const [runtime, ...args] = String(scripts['start']).split(' ');
    expect(runtime).toBe('node');
    await using program = new Program(process.execPath, [...args, '--once']);
    expect(await program.result()).toMatch(/GET http:\S+\/_extensions\/_hello\/hello → 200 in [\d.]+ ms\nHello, world/);
  });
});

const RELEASES = ['3.9.0', '2.19.6'];
const found = await Promise.all(RELEASES.map(async (version) => ({ version, availability: await realNodeAvailability(version) })));
const usable = found.find(({ availability }) => availability.available);
const reasons = found.flatMap(({ availability }) => (availability.available ? [] : [availability.reason]));

describe.skipIf(usable === undefined)(`against a genuine node${usable === undefined ? ` (skipped: ${reasons.join('; ')})` : ''}`, () => {
  let node: RealNode;

  beforeAll(async () => {
    node = await startRealNode({ version: String(usable?.version), offline: true, readyTimeoutMs: 180_000 });
  }, 200_000);
  afterAll(() => node?.close(), 30_000);

  const ports = () => ({ 9300: node.transportPort, 9200: node.httpPort });

  test('client', async () => {
    const [status, text] = await outputOf('client', ports());
    expect(['GREEN', 'YELLOW', 'RED']).toContain(status);
    expect(text).toBe(DOCUMENT);
  });

  test('client-js', async () => {
    expect(await outputOf('client-js', ports())).toEqual([`${node.nodeName} runs ${node.version}`]);
  });

  test('cli-node', async () => {
    // The first line starts a node of its own: this run has one already.
    const [first, ...lines] = block('cli-node').code.split('\n');
    expect(first).toMatch(/^npx ostp node --real \d/);
    const [ping, status, written, document] = await shellOutputs(withPorts(lines.join('\n'), ports()));
    expect(ping).toContain(node.nodeName);
    expect(JSON.parse(status ?? '')).toMatchObject({ clusterName: node.clusterName });
    expect(JSON.parse(written ?? '')).toMatchObject({ _index: 'notes', _id: '1' });
    expect(JSON.parse(document ?? '')).toMatchObject({ _index: 'notes', _id: '1', found: true, _source: { text: 'hi' } });
  });

  test('extension, told to the node as written', async () => {
    const port = await freePort();
    await using program = start('extension', { 4500: port });
    await untilListening(port);
    const [initialize, call] = curlRequests(withPorts(block('extension-curl').code, { 4500: port, 9200: node.httpPort }));
    if (initialize === undefined || call === undefined) throw new Error('two curl commands are expected');
    expect((await fetch(initialize.url, initialize)).status).toBe(202);
    expect(await untilServed(call.url)).toEqual({ greeting: 'Hello, Ada' });
    expect(program.errors).toBe('');
  });
});

/** A node serves the routes of an extension a moment after it accepted it. */
async function untilServed(url: string): Promise<unknown> {
  for (const deadline = Date.now() + 20_000; ; await delay(100)) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(15_000) });
    if (answer.status === 200) return answer.json();
    const text = await answer.text();
    if (Date.now() > deadline) throw new Error(`${answer.status}: ${text}`);
  }
}

/** Runs the lines of a shell block one by one, with `npx ostp` as the program of this package. */
async function shellOutputs(code: string): Promise<string[]> {
  const { bin } = JSON.parse(read('package.json')) as { bin: { ostp: string } };
  const ostp = `"${process.execPath}" "${ROOT}${bin.ostp.replace('./', '')}"`;
  const outputs: string[] = [];
  for (const line of code.split('\n').filter((text) => text.trim() !== '')) {
    await using program = new Program('sh', ['-c', line.replace(/^npx ostp/, ostp)]);
    outputs.push(await program.result());
  }
  return outputs;
}

const PARENT_TASK_BYTES = 1;

/** The health request in the hex that `ostp encode` printed: a body, after its parent task. */
function bodyIn(hex: string): unknown {
  return decode(health.request, Buffer.from(hex, 'hex').subarray(PARENT_TASK_BYTES), { version: parseVersion('3.9.0') });
}
