// Packs the package as it would be published and checks the tarball: its files, its scripts, publint, and how TypeScript resolves its entry points.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ALLOWED =
  /^(?:dist\/.+\.(?:js|d\.ts|js\.map|d\.ts\.map|json)|src\/.+\.(?:ts|json)|proto\/.+\.proto|docs\/[a-z-]+\.md|docs\/img\/[a-z-]+\.svg|examples\/.+|templates\/(?:java|type)script\/[\w.]+|README\.md|LICENSE|CHANGELOG\.md|package\.json)$/;
const REQUIRED = [
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
  'templates/typescript/package.json',
  'package.json',
  'dist/index.js',
  'dist/index.d.ts',
  'dist/cli/ostp.js',
  'src/index.ts',
];

const scratch = mkdtempSync(join(tmpdir(), 'opensearch-transport-pack-'));
try {
  const [{ filename, files }] = JSON.parse(run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', scratch]));
  const wrong = [...wrongFiles(files.map(({ path }) => path)), ...wrongScripts()];
  for (const complaint of wrong) console.error(complaint);
  const tarball = join(scratch, filename);
  console.log(run('publint', [tarball, '--strict']));
  console.log(run('attw', [tarball, '--profile', 'esm-only', '--no-color', '--no-emoji']));
  process.exitCode = wrong.length > 0 ? 1 : 0;
} catch (error) {
  console.error(error.stdout ? `${error.stdout}${error.stderr}` : error);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function wrongFiles(paths) {
  const unexpected = paths.filter((path) => !ALLOWED.test(path)).map((path) => `${path} must not be in the package`);
  const missing = REQUIRED.filter((path) => !paths.includes(path)).map((path) => `${path} is missing from the package`);
  return [...unexpected, ...missing];
}

/** npm runs such scripts, or warns of them, when somebody installs the tarball. */
function wrongScripts() {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const installing = ['preinstall', 'install', 'postinstall', 'prepare', 'preprepare', 'postprepare'];
  return installing
    .filter((name) => name in scripts)
    .map((name) => `package.json has a script ${name}: npm warns of it at every installation`);
}

function run(command, args) {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
}
