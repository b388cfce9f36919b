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

function packagesOf(urls: readonly string[]): string[] {
  const names = urls.map((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]).filter((name) => name !== undefined);
  return [...new Set(names)].sort();
}
