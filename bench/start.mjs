// Makes the benches ready (packages, compile) and runs them: `node bench/start.mjs [part ...] [options]`.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const bench = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('..', import.meta.url));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** npm notes in node_modules what it installed: older than the lockfile means out of date. */
function installed() {
  const note = `${bench}node_modules/.package-lock.json`;
  return existsSync(note) && statSync(note).mtimeMs >= statSync(`${bench}package-lock.json`).mtimeMs;
}

if (!existsSync(`${root}dist/index.js`)) run(npm, ['run', 'build'], root);
if (!installed()) run(npm, ['ci'], bench);
run(process.execPath, [`${bench}node_modules/typescript/bin/tsc`, '-p', 'tsconfig.json'], bench);

const [first, ...rest] = process.argv.slice(2);
const [entry, args] = first === 'compare' ? ['compare.js', rest] : ['run.js', process.argv.slice(2)];
run(process.execPath, [`${bench}dist/${entry}`, ...args], process.cwd());
