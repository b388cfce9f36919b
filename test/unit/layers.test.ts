import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { importCircles, offences, type Sources } from './layers.ts';
import { specifiersOf } from './specifiers.ts';

const SRC = new URL('../../src/', import.meta.url);

test('no source file crosses the import rule', () => {
  expect(offences(readSources())).toEqual([]);
});

test('no files import each other in a circle', () => {
  expect(importCircles(readSources())).toEqual([]);
});

test.each<[string, Record<string, string>, string[][]]>([
  ['two files', { 'a.ts': "import { b } from './b.ts';", 'b.ts': "import type { A } from './a.ts';" }, [['a.ts', 'b.ts']]],
  ['a file and itself', { 'a.ts': "import { b } from './a.ts';" }, [['a.ts']]],
  [
    'three files in two folders, entered from outside',
    {
      'x.ts': "import { b } from './r/b.ts';",
      'r/b.ts': "export { c } from './c.ts';",
      'r/c.ts': "const d = await import('../s/d.ts');",
      's/d.ts': "import { b } from '../r/b.ts';\nimport { e } from './e.ts';",
      's/e.ts': '',
    },
    [['r/b.ts', 'r/c.ts', 's/d.ts']],
  ],
  ['a diamond', { 'a.ts': "import './b.ts';\nimport './c.ts';", 'b.ts': "import './d.ts';", 'c.ts': "import './d.ts';", 'd.ts': '' }, []],
])('circles in %s', (_, sources, circles) => {
  expect(importCircles(sources)).toEqual(circles);
});

test.each([
  ['a lower room sees a higher one', 'protocol/codec/a.ts', 'transport/util/b.ts', 'transport is not below protocol'],
  ['gen sees protocol', 'gen/a.ts', 'protocol/wire/b.ts', 'protocol is not below gen'],
  ['transport sees inspect', 'transport/client/a.ts', 'inspect/render/b.ts', 'inspect is not below transport'],
  ['inspect sees transport', 'inspect/render/a.ts', 'transport/carrier/b.ts', 'of inspect, only inspect/tap sees transport'],
  ['capture sees render', 'inspect/capture/a.ts', 'inspect/render/b.ts', 'inspect/render is not below inspect/capture'],
  ['rooms of one row see each other', 'extension/a.ts', 'devnode/b.ts', 'devnode is not below extension'],
  ['somebody imports cli', 'conformance/a.ts', 'cli/b.ts', 'nobody imports cli'],
  ['a door opens to cli', 'index.ts', 'cli/b.ts', 'nobody imports cli'],
  ['routes see nodes', 'extension/rest/a.ts', 'extension/node/b.ts', 'extension/node is not below extension/rest'],
  ['store sees search', 'devnode/store/a.ts', 'devnode/search/b.ts', 'devnode/search is not below devnode/store'],
  ['wire sees codec', 'protocol/wire/a.ts', 'protocol/codec/b.ts', 'protocol/codec is not below protocol/wire'],
  ['frame sees codec', 'protocol/frame/a.ts', 'protocol/codec/b.ts', 'protocol/frame imports only protocol/error and protocol/wire'],
  ['frame sees query', 'protocol/query/a.ts', 'protocol/frame/native/b.ts', 'protocol/frame is not below protocol/query'],
  ['call sees channel', 'transport/call/a.ts', 'transport/channel/b.ts', 'transport/channel is not below transport/call'],
  ['client sees server', 'transport/client/a.ts', 'transport/server/b.ts', 'transport/server is not below transport/client'],
  ['a room imports its own index', 'extension/a.ts', 'extension/index.ts', 'no source file imports an index.ts'],
  ['a room imports a door', 'cli/a.ts', 'carrier.ts', 'carrier.ts is a door, and nobody inside uses doors'],
])('an edge is refused where %s', (_, file, target, reason) => {
  const specifier = relative(file, target);
  const sources = { [file]: `import { b } from '${specifier}';`, [target]: '' };
  expect(offences(sources)).toEqual([`${file} imports ${specifier}: ${reason}`]);
});

test.each([
  ['protocol/codec/a.ts', 'protocol/wire/b.ts'],
  ['protocol/frame/native/a.ts', 'protocol/wire/b.ts'],
  ['protocol/index.ts', 'protocol/rest/b.ts'],
  ['transport/util/a.ts', 'protocol/error/b.ts'],
  ['inspect/tap/a.ts', 'transport/carrier/b.ts'],
  ['inspect/index.ts', 'transport/carrier/b.ts'],
  ['extension/a.ts', 'inspect/render/b.ts'],
  ['extension/rest/a.ts', 'extension/b.ts'],
  ['extension/node/a.ts', 'extension/rest/b.ts'],
  ['devnode/a.ts', 'devnode/search/b.ts'],
  ['cli/a.ts', 'realnode/b.ts'],
  ['index.ts', 'transport/client/b.ts'],
])('%s may import %s', (file, target) => {
  expect(offences({ [file]: `import { b } from '${relative(file, target)}';`, [target]: '' })).toEqual([]);
});

test.each([
  ['protocol/wire/a.ts', 'commander', 'not among the packages of protocol'],
  ['transport/client/a.ts', '@bufbuild/protobuf/wire', 'not among the packages of transport'],
  ['index.ts', 'protobufjs', 'not among the packages of a door'],
  ['cli/a.ts', 'opensearch-transport/actions', 'not among the packages of cli'],
  ['inspect/capture/a.ts', 'node:fs', 'not among the node modules of inspect'],
  ['cli/a.ts', 'fs', 'not among the packages of cli'],
  ['protocol/codec/a.ts', 'node:crypto', 'not among the node modules of protocol'],
  ['protocol/frame/a.ts', 'node:net', 'not among the node modules of protocol'],
  ['transport/client/a.ts', 'node:net', 'only transport/carrier, conformance/wire, realnode open sockets'],
  ['cli/a.ts', 'node:dgram', 'only transport/carrier, conformance/wire, realnode open sockets'],
  ['conformance/a.ts', 'node:tls', 'only transport/carrier, conformance/wire, realnode open sockets'],
  ['protocol/codec/a.ts', './gone.ts', 'no such file in src'],
  ['protocol/codec/a.ts', '../../../package.json', 'no such file in src'],
])('%s may not import %s', (file, specifier, reason) => {
  expect(offences({ [file]: `import { b } from '${specifier}';` })).toEqual([`${file} imports ${specifier}: ${reason}`]);
});

test.each([
  ['protocol/codec/a.ts', '@bufbuild/protobuf/codegenv2'],
  ['protocol/frame/native/a.ts', 'node:zlib'],
  ['transport/carrier/tcp.ts', 'node:net'],
  ['conformance/wire/a.ts', 'node:tls'],
  ['realnode/a.ts', 'node:net'],
  ['cli/a.ts', 'commander'],
])('%s may import %s from outside', (file, specifier) => {
  expect(offences({ [file]: `import { b } from '${specifier}';` })).toEqual([]);
});

test.each([
  ['protocol/codec/a.ts', 'new DataView(x)', 'uses DataView: only protocol/wire and protocol/frame do'],
  ['protocol/codec/a.ts', 'const now = Date.now();', 'uses Date.now: protocol is pure'],
  ['protocol/wire/a.ts', 'setTimeout(f, 1)', 'uses setTimeout: protocol is pure'],
  ['inspect/render/a.ts', 'const now = Date.now();', 'uses Date.now: inspect is pure'],
  ['inspect/attic/a.ts', '', 'is in no room'],
  ['protocol/loose.ts', '', 'is in no room'],
  ['protocol/attic/a.ts', '', 'is in no room'],
  ['attic/a.ts', '', 'is in no room'],
])('%s may not hold %s', (file, source, reason) => {
  expect(offences({ [file]: source })).toEqual([`${file} ${reason}`]);
});

test('words in comments count for nothing', () => {
  expect(offences({ 'protocol/codec/a.ts': '/** not a DataView */\n// nor Date.now\nconst a = 1; // nor setTimeout\n' })).toEqual([]);
});

test.each([
  ["import { a } from './x.ts';", 'static'],
  ["import a, * as b from './x.ts';", 'static'],
  ["import {\n  a,\n  type B,\n} from './x.ts';", 'static'],
  ["import './x.ts';", 'static'],
  ["export { a as b } from './x.ts';", 'static'],
  ["export * from './x.ts';", 'static'],
  ["import type { A } from './x.ts';", 'type'],
  ["export type { A } from './x.ts';", 'type'],
  ["const a = await import('./x.ts');", 'dynamic'],
  ["export type A = import('./x.ts').A;", 'dynamic'],
  ["const a = require('./x.ts');", 'dynamic'],
])('%s names a module', (source, kind) => {
  expect(specifiersOf(`const before = 1;\n${source}\n`)).toEqual([{ kind, name: './x.ts' }]);
});

test.each([
  " * import { a } from './x.ts';",
  "// import('./x.ts')",
  "export const a = b('./x.ts');",
  "export function from(a = './x.ts') {}",
  'import java.util.List;',
])('%s names none', (source) => {
  expect(specifiersOf(source)).toEqual([]);
});

function relative(file: string, target: string): string {
  const up = '../'.repeat(file.split('/').length - 1);
  return `${up === '' ? './' : up}${target}`;
}

function readSources(): Sources {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'));
  const wanted = files.filter((file) => /\.(?:ts|json)$/.test(file));
  return Object.fromEntries(wanted.map((file) => [file, file.endsWith('.ts') ? readFileSync(new URL(file, SRC), 'utf8') : '']));
}
