// The smoke suite: installs the packed package into an empty project and uses it as a user does, under this Node and the other supported lines, and compiles
// the README with the oldest supported TypeScript and newer ones. Prints a line per check; leaves its counts in the file named by COUNTS_FILE.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Project } from './smoke/project.mjs';
import { readmeBlocks } from './smoke/readme.mjs';

/** Lines of Node that are supported beside the one that runs this. */
const NODE_LINES = ['20', '22', '24'];
/**
 * Supported lines of TypeScript, the oldest first. Declarations of @bufbuild/protobuf need 5.7: before it, users set `skipLibCheck`, and the package's own
 * declarations must be free of errors all the same.
 */
const TYPESCRIPT_LINES = [
  { line: '5.4', needsSkipLibCheck: true },
  { line: '5.7', needsSkipLibCheck: false },
  { line: '5.9', needsSkipLibCheck: false },
];

const root = resolve(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'opensearch-transport-smoke-'));
const counts = { passed: 0, failed: 0, skipped: 0, notes: [] };

try {
  const project = new Project(join(scratch, 'project'));
  const tarball = check('npm pack', () => pack());
  if (tarball !== null && check('npm install, without a warning', () => installs(project, tarball))) {
    compiles(project);
    for (const { line, node } of runtimes()) roundTrip(project, line, node);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (process.env.COUNTS_FILE) writeFileSync(process.env.COUNTS_FILE, JSON.stringify(counts));
console.log(`${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`);
process.exitCode = counts.failed > 0 ? 1 : 0;

function pack() {
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', scratch];
  const [{ filename }] = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  return join(scratch, filename);
}

function installs(project, tarball) {
  const warnings = project.install(tarball);
  if (warnings.length > 0) throw new Error(warnings.join('\n'));
  return true;
}

/** Compiles the README's blocks in a project as its installation section makes it, with library checks on, and runs what the oldest compiler made. */
function compiles(project) {
  const { sources, tsconfig } = readmeBlocks(join(root, 'README.md'));
  const aliases = TYPESCRIPT_LINES.map(({ line }) => `typescript-${line}@npm:typescript@~${line}.0`);
  try {
    project.run('npm', ['pkg', 'set', 'type=module']);
    project.install('--save-dev', '@types/node@20', ...aliases);
  } catch (error) {
    return skip('TypeScript', `cannot install its older versions: ${firstLine(error)}`);
  }
  const files = Object.entries(sources).map(([mark, code]) => {
    project.write(`${mark}.ts`, code);
    return `${mark}.ts`;
  });
  const { compilerOptions } = JSON.parse(tsconfig);
  for (const { line, needsSkipLibCheck } of TYPESCRIPT_LINES) {
    const outDir = `out-${line}`;
    const tsc = (skipLibCheck) => {
      const config = { compilerOptions: { ...compilerOptions, skipLibCheck, outDir }, files };
      const written = project.write(`tsconfig-${line}.json`, JSON.stringify(config));
      return project.run(process.execPath, [project.path('node_modules', `typescript-${line}`, 'bin', 'tsc'), '-p', written]);
    };
    check(`the README compiles with TypeScript ${line}`, () => {
      tsc(needsSkipLibCheck);
      const output = project.run(process.execPath, [project.path(outDir, 'server.js')]);
      if (!output.includes('hello')) throw new Error(`expected a greeting, got ${output}`);
    });
    if (needsSkipLibCheck)
      check(`the declarations of the package have no errors with TypeScript ${line}`, () => ownErrors(() => tsc(false)));
  }
}

/** Runs a compiler and throws an Error with the lines that concern the package itself, not one of its dependencies. */
function ownErrors(compile) {
  try {
    compile();
  } catch (error) {
    const own = error.message.split('\n').filter((line) => / error TS/.test(line) && !line.startsWith('node_modules/@bufbuild/'));
    if (own.length > 0) throw new Error(own.join('\n'), { cause: error });
  }
}

/** The Node that runs this, and a binary of each other line from npm, where there is one for this platform. */
function* runtimes() {
  const own = process.versions.node.split('.', 1)[0];
  yield { line: own, node: process.execPath };
  for (const line of NODE_LINES.filter((one) => one !== own)) {
    try {
      const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}@${line}`;
      const args = ['--yes', '--package', name, '--call', 'node --print process.execPath'];
      const node = execFileSync('npx', args, {
        cwd: scratch,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        shell: process.platform === 'win32',
      });
      yield { line, node: node.trim() };
    } catch (error) {
      skip(`Node ${line}`, `npm has no binary for this platform, or it cannot be installed: ${firstLine(error)}`);
    }
  }
}

function roundTrip(project, line, node) {
  const script = project.path('round-trip.mjs');
  check(`Node ${line} runs the smoke suite`, () => {
    copyFileSync(join(root, 'scripts/smoke/round-trip.mjs'), script);
    const version = project.run(node, ['--version']);
    if (!version.startsWith(`v${line}.`)) throw new Error(`expected Node ${line}, got ${version}`);
    const ostp = project.path('node_modules/opensearch-transport/dist/cli/ostp.js');
    const lines = project
      .run(node, [script, join(root, 'test/vectors'), ostp])
      .trim()
      .split('\n');
    for (const { name, ok, error } of lines.map((one) => JSON.parse(one))) {
      check(`Node ${line}: ${name}`, () => {
        if (!ok) throw new Error(error);
      });
    }
  });
}

/** Runs a check and counts it. Returns what it returns, or null when it failed. */
function check(name, run) {
  try {
    const result = run();
    counts.passed++;
    console.log(`ok     ${name}`);
    return result;
  } catch (error) {
    counts.failed++;
    console.log(`FAILED ${name}\n${error.message}`);
    return null;
  }
}

function skip(name, reason) {
  counts.skipped++;
  counts.notes.push(`${name}: ${reason}`);
  console.log(`skip   ${name}: ${reason}`);
}

function firstLine(error) {
  return String(error.message).split('\n', 1)[0];
}
