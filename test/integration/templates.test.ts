import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../unit/cli/run.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const shell = promisify(execFile);

/** Inside the package, so that `opensearch-transport` and the tools are found without npm. */
let folder: string;
beforeEach(() => {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  folder = mkdtempSync(join(ROOT, '.cache', 'template-'));
  rmSync(folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the tests of a new extension report. They must not believe to be part of the runner of this suite. */
async function testsIn(path: string): Promise<string> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { stdout } = await shell(process.execPath, ['--test', path], { cwd: folder, env });
  return stdout;
}

describe.skipIf(!existsSync(join(ROOT, 'dist/devnode/index.js')))('a new extension passes its own tests', () => {
  test('in JavaScript', async () => {
    await run(['init', folder, '--javascript', '--name', 'hello', '--package', '*']);
    // A package of its own would hide the one around it.
    rmSync(join(folder, 'package.json'));
    expect(await testsIn('.')).toMatch(/pass 3[^]*fail 0/);
  });

  test('in TypeScript', async () => {
    await run(['init', folder, '--name', 'hello', '--package', '*']);
    rmSync(join(folder, 'package.json'));
    await shell(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc')], { cwd: folder });
    expect(await testsIn('dist/')).toMatch(/pass 3[^]*fail 0/);
  });
});
