import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EnvironmentError } from '../../protocol/error/transport-error.ts';

/** First releases of Node.js that run TypeScript by themselves. */
const RUNS_TYPESCRIPT: readonly (readonly [number, number])[] = [
  [22, 18],
  [24, 3],
];

/**
 * Returns the options of Node.js for a worker that runs a file: none for JavaScript; for TypeScript a loader that compiles with esbuild. Without esbuild, newer
 * releases of Node.js run TypeScript by themselves.
 *
 * @throws ERR_ENVIRONMENT if TypeScript can be run in neither way
 */
export function workerOptions(file: string, nodeVersion: string = process.versions.node): readonly string[] {
  if (!/\.[mc]?ts$/.test(file)) return [];
  const esbuild = esbuildFor(file);
  if (esbuild !== null) {
    const loader = new URL('./typescript-loader.js', import.meta.url);
    loader.searchParams.set('esbuild', esbuild);
    return ['--enable-source-maps', '--import', loader.href];
  }
  if (runsTypeScript(nodeVersion)) return [];
  const text = `cannot run ${file}: Node.js ${nodeVersion} does not run TypeScript, and esbuild is not installed; run npm install --save-dev esbuild`;
  throw new EnvironmentError('ERR_ENVIRONMENT', {}, text);
}

/** Returns the URL of the esbuild that the project of a file has installed, or this package; null without one. */
function esbuildFor(file: string): string | null {
  for (const place of [resolve(file), import.meta.url]) {
    try {
      return pathToFileURL(createRequire(place).resolve('esbuild')).href;
    } catch {
      // Looked for in the next place.
    }
  }
  return null;
}

function runsTypeScript(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [newest = 0] = RUNS_TYPESCRIPT.at(-1) ?? [];
  return major > newest || RUNS_TYPESCRIPT.some(([line, first]) => major === line && minor >= first);
}
