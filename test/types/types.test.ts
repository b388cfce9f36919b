import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { read, ROOT } from '../docs/markdown.ts';
import { Scratch } from '../docs/scratch.ts';

// `npm run typecheck` reads the expectations of this folder, and fails where one of its `@ts-expect-error` lines is no error. Here they are turned
// round: without those lines the compiler must complain at each of them and nowhere else, so that none covers another mistake than its own line's.
const FOLDER = 'test/types';
const EXPECTED = /^ *\/\/ @ts-expect-error .*$/gm;

const files = readdirSync(join(ROOT, FOLDER)).filter((name) => name.endsWith('.test-d.ts'));
const scratch = new Scratch('types');
let complaints = new Map<string, number[]>();

beforeAll(async () => {
  for (const name of [...files, 'expect-type.ts']) {
    const moved = read(`${FOLDER}/${name}`).replaceAll("'../../src/", "'../../../src/");
    scratch.write(name, moved.replaceAll(EXPECTED, '// a mistake on purpose'));
  }
  const { compilerOptions } = JSON.parse(read('tsconfig.json')) as { compilerOptions: object };
  complaints = linesByFile(await outputOfCompiler(scratch.write('tsconfig.json', JSON.stringify({ compilerOptions, files }))));
}, 120_000);
afterAll(() => scratch.remove());

function outputOfCompiler(project: string): Promise<string> {
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const run = promisify(execFile)(process.execPath, [compiler, '-p', project, '--pretty', 'false'], {
    cwd: scratch.folder,
    timeout: 100_000,
  });
  return run.then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
}

function linesByFile(output: string): Map<string, number[]> {
  const lines = new Map<string, number[]>();
  for (const [, file = '', line] of output.matchAll(/^([\w.-]+)\((\d+),\d+\): error/gm)) {
    lines.set(file, [...(lines.get(file) ?? []), Number(line)]);
  }
  return lines;
}

test.each(files)('%s: every mistake made on purpose is one, and nothing else is', (name) => {
  const lines = read(`${FOLDER}/${name}`).split('\n');
  const marked = lines.flatMap((line, at) => (/^ *\/\/ @ts-expect-error /.test(line) ? [at + 2] : []));
  expect(marked.length).toBeGreaterThan(3);
  expect([...new Set(complaints.get(name))].sort((a, b) => a - b)).toEqual(marked);
});
