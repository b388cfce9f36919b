// Generates src/gen in a temporary folder and fails if it differs from the committed one, naming the files.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const scratch = mkdtempSync(join(tmpdir(), 'opensearch-transport-gen-'));
try {
  const { status } = spawnSync('buf', ['generate', '--output', scratch], { stdio: 'inherit', shell: process.platform === 'win32' });
  const stale = status === 0 ? staleFiles(readTree('src/gen'), readTree(join(scratch, 'src/gen'))) : [];
  for (const name of stale) console.error(`src/gen/${name} differs from what proto/ generates: run npm run generate`);
  process.exitCode = status === 0 && stale.length === 0 ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function staleFiles(committed, fresh) {
  const names = new Set([...committed.keys(), ...fresh.keys()]);
  return [...names].filter((name) => committed.get(name) !== fresh.get(name)).sort();
}

function readTree(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}
