import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from './run.ts';

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'ostp-init-'));
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

describe('ostp init', () => {
  test.each([
    [[], ['.gitignore', 'README.md', 'extension.test.ts', 'extension.ts', 'main.ts', 'package.json', 'tsconfig.json']],
    [['--javascript'], ['.gitignore', 'README.md', 'extension.js', 'extension.test.js', 'main.js', 'package.json']],
  ])('writes the files of a template and names the next steps: %j', async (options, files) => {
    const folder = join(scratch, 'greeter');
    const { exit, stdout } = await run(['init', folder, ...options]);
    expect(exit).toBe(0);
    expect(stdout).toContain('npm install && npm test');
    expect((await readdir(folder)).sort()).toEqual(files);
    for (const name of files) expect(await readFile(join(folder, name), 'utf8')).not.toContain('{{');
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { name: string; dependencies: object };
    expect(manifest.name).toBe('greeter');
    expect(manifest.dependencies).toEqual({ 'opensearch-transport': expect.stringMatching(/^file:\.\.\//) });
  });

  test('takes name and package from its options', async () => {
    await run(['init', join(scratch, 'X'), '--name', 'notes', '--package', '^0.1.0']);
    const manifest = await readFile(join(scratch, 'X', 'package.json'), 'utf8');
    expect(JSON.parse(manifest)).toMatchObject({ name: 'notes', dependencies: { 'opensearch-transport': '^0.1.0' } });
  });

  test('leaves a folder alone that has files', async () => {
    await writeFile(join(scratch, 'mine'), 'text');
    const { exit, stderr } = await run(['init', scratch, '--name', 'a']);
    expect(exit).toBe(2);
    expect(stderr).toContain('is not empty, expected a new or an empty one; nothing was written');
    expect(await readdir(scratch)).toEqual(['mine']);
    const file = await run(['init', join(scratch, 'mine')]);
    expect(file.stderr).toContain('is a file, expected the name of a new folder');
  });

  test('refuses a name that is no part of a URL', async () => {
    const { exit, stderr } = await run(['init', join(scratch, 'Hello World')]);
    expect(exit).toBe(2);
    expect(stderr).toContain("got 'hello world'; give another one with --name");
  });
});
