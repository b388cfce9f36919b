// `npm test`: every check of the repository, then every suite. One line a step, a step's whole output only when it failed.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const STEP_DEADLINE_MS = 15 * 60_000;
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
const suites = ['unit', 'property', 'integration', 'interop'];

const scratch = mkdtempSync(join(tmpdir(), 'opensearch-transport-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
const notes = new Set();

for (const check of checks) add(await runCheck(check));
for (const suite of suites) add(await runSuite(suite));
rmSync(scratch, { recursive: true, force: true });

for (const note of notes) console.log(`skipped: ${note}`);
console.log(sentence(total));
process.exitCode = total.failed === 0 ? 0 : 1;

async function runCheck(name) {
  const step = await run('npm', ['run', '--silent', name]);
  report(name, step);
  return step.ok ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

async function runSuite(name) {
  const countsFile = join(scratch, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=./scripts/counting-reporter.mjs'];
  const step = await run('vitest', ['run', '--project', name, '--passWithNoTests', ...reporters], { COUNTS_FILE: countsFile });
  const counts = readCounts(countsFile, step.ok);
  report(`${name} tests`, step, `: ${sentence(counts)}`);
  for (const note of counts.notes) notes.add(note);
  return counts;
}

/** A run that broke outside any test (an import, a hook, a worker) still counts as one failure. */
function readCounts(file, ok) {
  let counts = { passed: 0, failed: 0, skipped: 0, notes: [] };
  try {
    counts = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  return ok || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

/** Runs as in continuous integration (nothing is written, no snapshot is made up), silently. */
function run(command, args, env = {}) {
  const startedAt = performance.now();
  const child = spawn(command, args, {
    env: { ...process.env, CI: 'true', NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
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
