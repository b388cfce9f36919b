// `npm test` runs every check of the repository, then every suite. `npm run check` (`--fast`) runs what tells most in under a minute.
// Prints one line per step, and the whole output of a step that failed. The last line is `N passed, N failed` (`, N skipped`).
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const STEP_DEADLINE_MS = 15 * 60_000;
/** Tools are found without npm, too. */
const TOOLS = `${join(process.cwd(), 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`;
const isFast = process.argv.includes('--fast');
const checks = [
  'build',
  'typecheck',
  'format:check',
  'lint',
  'lint:proto',
  'check:gen',
  'deadcode',
  'api:check',
  'docs:check',
  'pack:check',
];
const suites = isFast ? ['unit'] : ['unit', 'property', 'integration', 'interop'];
/** Left out of the fast run: files that take seconds each. They check bytes of genuine nodes, carriers on sockets, and the built package. */
const SLOW_FILES = [
  'test/contract/**',
  'test/vectors/**',
  'test/types/**',
  'test/unit/protocol/vectors/**',
  'test/unit/inspect/**/recorded.test.ts',
  'test/unit/inspect/**/golden.test.ts',
  'test/unit/exports.test.ts',
];

const scratch = mkdtempSync(join(tmpdir(), 'opensearch-transport-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
const notes = new Set();

// Each of the fast checks mostly uses one core.
if (isFast)
  for (const counts of await Promise.all([runChecks(['typecheck', 'deadcode']), runChecks(['lint', 'format:check'])])) add(counts);
else add(await runChecks(checks));
for (const suite of suites) add(await runSuite(suite));
if (!isFast) {
  add(await runAttacks());
  add(await runSmoke());
}
rmSync(scratch, { recursive: true, force: true });

for (const note of notes) console.log(`skipped: ${note}`);
if (isFast)
  console.log('fast run: `npm test` also runs vectors, contract, property, integration, interop and smoke suites, and the attacks');
console.log(sentence(total));
// A command that could not be started leaves a timer behind.
process.exit(total.failed === 0 ? 0 : 1);

/** Runs checks one after another. */
async function runChecks(names) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const name of names) {
    const one = await runCheck(name);
    for (const key of Object.keys(counts)) counts[key] += one[key];
  }
  return counts;
}

async function runCheck(name) {
  const step = await run('npm', ['run', '--silent', name]);
  report(name, step);
  return step.ok ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

async function runSuite(name) {
  const countsFile = join(scratch, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=./scripts/counting-reporter.mjs'];
  const excluded = isFast ? SLOW_FILES.map((pattern) => `--exclude=${pattern}`) : [];
  const args = ['run', '--project', name, '--passWithNoTests', ...excluded, ...reporters];
  const step = await run('vitest', args, { COUNTS_FILE: countsFile });
  return settle(`${name} tests`, step, countsFile);
}

/** The quick form of the attacks: the built package against hostile peers, in processes of their own. */
async function runAttacks() {
  const countsFile = join(scratch, 'attacks.json');
  return settle('attacks', await run(process.execPath, ['test/attack/run.mjs', '--quick'], { COUNTS_FILE: countsFile }), countsFile);
}

/** The packed package in an empty project, under every supported Node and TypeScript line. */
async function runSmoke() {
  const countsFile = join(scratch, 'smoke.json');
  return settle('smoke tests', await run(process.execPath, ['scripts/smoke.mjs'], { COUNTS_FILE: countsFile }), countsFile);
}

function settle(name, step, countsFile) {
  const counts = readCounts(countsFile, step.ok);
  report(name, step, `: ${sentence(counts)}`);
  for (const note of counts.notes) notes.add(note);
  return counts;
}

/** Reads the counts of a suite. A run that broke outside any test (an import, a hook, a worker) counts as one failure. */
function readCounts(file, ok) {
  let counts = { passed: 0, failed: 0, skipped: 0, notes: [] };
  try {
    counts = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  return ok || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

/** Runs a command as in continuous integration (no snapshot is written) and collects its output. */
function run(command, args, env = {}) {
  const startedAt = performance.now();
  const child = spawn(command, args, {
    env: { ...process.env, PATH: TOOLS, CI: 'true', NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: STEP_DEADLINE_MS,
    shell: process.platform === 'win32',
  });
  let output = '';
  const append = (text) => (output += text);
  child.stdout.setEncoding('utf8').on('data', append);
  child.stderr.setEncoding('utf8').on('data', append);
  return new Promise((resolve) => {
    const end = (ok) => resolve({ ok, output, seconds: (performance.now() - startedAt) / 1000 });
    child.once('error', (error) => {
      append(String(error));
      end(false);
    });
    child.once('close', (code, signal) => {
      if (signal) append(`\nended by ${signal}`);
      end(code === 0);
    });
  });
}

function report(name, { ok, output, seconds }, detail = '') {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name}${detail} (${seconds.toFixed(1)} s)`);
  if (!ok) console.log(output.trimEnd());
}

function add(counts) {
  for (const key of Object.keys(total)) total[key] += counts[key];
}

function sentence({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
