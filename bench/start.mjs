// Prepares the benches (build, packages of the peers) and runs them: `node bench/start.mjs [part ...] [options]`.
// Reads the command line first, so that `--help` and a misspelt option install nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const bench = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('..', import.meta.url));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Commands beside a run. Like `--own`, they need none of the peers' packages. */
const TOOLS = ['compare', 'publish'];

function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit', shell: command === npm && process.platform === 'win32' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** True when the installed packages are newer than the lock file; npm records the time of an installation in node_modules. */
function isInstalled() {
  const note = `${bench}node_modules/.package-lock.json`;
  return existsSync(note) && statSync(note).mtimeMs >= statSync(`${bench}package-lock.json`).mtimeMs;
}

/** True when dist is newer than every file it is built from: the benches measure what is in src now. */
function isBuilt() {
  const entry = `${root}dist/index.js`;
  if (!existsSync(entry)) return false;
  const built = statSync(entry).mtimeMs;
  const sources = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const inputs = ['tsconfig.json', 'tsconfig.build.json', ...sources.map((name) => `src/${name}`)];
  return inputs.every((name) => statSync(`${root}${name}`).mtimeMs <= built);
}

/** Compiles the benches with the project's compiler, without the types of the peers' packages. Returns the folder of the compiled files. */
function compileWithoutPeers() {
  const compiler = `${root}node_modules/typescript/bin/tsc`;
  if (!existsSync(compiler)) {
    process.stderr.write('the packages of the project are not installed: run `npm ci` first\n');
    process.exit(1);
  }
  const outDir = `${root}.cache/bench/`;
  run(process.execPath, [compiler, '-p', bench, '--noCheck', '--outDir', outDir], bench);
  return outDir;
}

/** Installs the peers' packages where they are missing and compiles the benches with their types. Returns the folder of the compiled files. */
function compileWithPeers() {
  if (!isInstalled()) run(npm, ['ci'], bench);
  run(process.execPath, [`${bench}node_modules/typescript/bin/tsc`, '-p', 'tsconfig.json'], bench);
  return `${bench}dist/`;
}

const args = process.argv.slice(2);
const tool = TOOLS.find((name) => name === args[0]);
const compiled = compileWithoutPeers();
if (tool !== undefined) run(process.execPath, [`${compiled}${tool}.js`, ...args.slice(1)], process.cwd());
else {
  const { optionsOrExit } = await import(pathToFileURL(`${compiled}preflight.js`).href);
  const { own } = optionsOrExit(args);
  if (!isBuilt()) run(npm, ['run', 'build'], root);
  run(process.execPath, [`${own ? compiled : compileWithPeers()}run.js`, ...args], process.cwd());
}
