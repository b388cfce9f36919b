import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const manifest = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { name: string; exports: Record<string, object | string> };
const doors = Object.keys(manifest.exports).filter((path) => path !== './package.json');

/** Prints each address that loading a module loads, then what it exports, as a user's own program sees it: the package resolves itself by name. */
const VISITOR = `
  import { register } from 'node:module';
  const hooks = \`
    import { writeSync } from 'node:fs';
    export function load(url, context, nextLoad) {
      writeSync(1, url + '\\\\n');
      return nextLoad(url, context);
    }
  \`;
  register('data:text/javascript,' + encodeURIComponent(hooks));
  console.log(JSON.stringify(Object.keys(await import(process.argv[1]))));
`;

interface Visit {
  readonly names: readonly string[];
  readonly loaded: readonly string[];
}

test.each(doors)('%s exports these names and loads no package but @bufbuild/protobuf', (door) => {
  const { names, loaded } = visit(specifierOf(door));
  expect(names).toMatchSnapshot();
  expect(packagesOf(loaded).filter((name) => name !== '@bufbuild/protobuf')).toEqual([]);
});

const FAMILIES = doors.filter((door) => door.startsWith('./actions/')).map((door) => door.slice('./actions/'.length));

test('every family of actions has a door of its own', async () => {
  const families = await import(new URL('../../dist/protocol/action/families.js', import.meta.url).href);
  expect(FAMILIES).toEqual(Object.keys(families as object).sort());
});

test.each(FAMILIES)('the door of %s loads no other family and no catalogue', (family) => {
  const { loaded } = visit(`${manifest.name}/actions/${family}`);
  expect(familiesOf(loaded)).toEqual([family]);
  expect(loaded.filter((url) => /\/(?:families|catalogue)\.js$/.test(url))).toEqual([]);
});

test('the core door loads no family and no catalogue, the catalogue loads all', () => {
  const core = visit(manifest.name).loaded;
  expect(familiesOf(core)).toEqual([]);
  expect(core.filter((url) => /\/(?:families|catalogue)\.js$/.test(url))).toEqual([]);
  expect(familiesOf(visit(`${manifest.name}/actions`).loaded)).toEqual(FAMILIES);
});

test('the trace of loaded modules sees packages', () => {
  expect(packagesOf(visit('commander').loaded)).toEqual(['commander']);
});

test.each(['dist/index.js', 'src/index.ts', 'protocol/index.js', 'dist/protocol/wire/stream-input.js'])('%s cannot be reached', (path) => {
  expect(() => visit(`${manifest.name}/${path}`)).toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
});

function specifierOf(door: string): string {
  return door === '.' ? manifest.name : `${manifest.name}/${door.slice(2)}`;
}

/** Needs the built package (`npm run build`). */
function visit(specifier: string): Visit {
  const args = ['--input-type=module', '--eval', VISITOR, specifier];
  const output = execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const lines = output.trimEnd().split('\n');
  return { names: JSON.parse(lines.at(-1) ?? '') as string[], loaded: lines.slice(0, -1) };
}

/** Families whose list of actions was loaded; the core loads single files of `internal`, the handshakes. */
function familiesOf(urls: readonly string[]): string[] {
  return urls
    .map((url) => /\/protocol\/action\/([^/]+)\/\1\.js$/.exec(url)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

function packagesOf(urls: readonly string[]): string[] {
  const names = urls.map((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]).filter((name) => name !== undefined);
  return [...new Set(names)].sort();
}
