// Makes the benches ready (packages, compile) and runs them: `node bench/start.mjs [part ...] [options]`.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const bench = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('..', import.meta.url));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit', shell: command === npm && process.platform === 'win32' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** npm notes in node_modules what it installed: older than the lockfile means out of date. */
function installed() {
  const note = `${bench}node_modules/.package-lock.json`;
  return existsSync(note) && statSync(note).mtimeMs >= statSync(`${bench}package-lock.json`).mtimeMs;
}

/** Whether the build is newer than everything it is made of: what is measured is what stands in src. */
function isBuilt() {
  const entry = `${root}dist/index.js`;
  if (!existsSync(entry)) return false;
  const built = statSync(entry).mtimeMs;
  const sources = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const made = ['tsconfig.json', 'tsconfig.build.json', ...sources.map((name) => `src/${name}`)];
  return made.every((name) => statSync(`${root}${name}`).mtimeMs <= built);
}

/**
 * Compiles the benches.
 *
 * @param own without the peers' packages: the project's compiler, no types, and a place where the project's own name leads to itself
 * @returns folder of the compiled files
 */
function compile(own) {
  if (!isBuilt()) run(npm, ['run', 'build'], root);
  if (own) {
    const outDir = `${root}.cache/bench/`;
    run(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', bench, '--noCheck', '--outDir', outDir], bench);
    return outDir;
  }
  if (!installed()) run(npm, ['ci'], bench);
  run(process.execPath, [`${bench}node_modules/typescript/bin/tsc`, '-p', 'tsconfig.json'], bench);
  return `${bench}dist/`;
}

const [first, ...rest] = process.argv.slice(2);
const isTool = first === 'compare' || first === 'publish';
const compiled = compile(process.argv.includes('--own') || isTool);
run(process.execPath, [`${compiled}${isTool ? first : 'run'}.js`, ...(isTool ? rest : process.argv.slice(2))], process.cwd());
