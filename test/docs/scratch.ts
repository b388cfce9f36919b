import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT, read } from './markdown.ts';

const COMPILE_DEADLINE_MS = 120_000;

/**
 * A folder inside the package, so that `opensearch-transport` resolves to the package itself by its `exports`: what is compiled and run here sees
 * `dist` exactly as a user does.
 */
export class Scratch {
  readonly folder: string;

  constructor(name: string) {
    const parent = join(ROOT, '.cache', 'docs-test');
    mkdirSync(parent, { recursive: true });
    this.folder = mkdtempSync(join(parent, `${name}-`));
  }

  /** Writes a file and gives its path. */
  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** Compiles TypeScript sources with the project's own settings for a runtime without `await using`; gives the paths of the results. */
  async compile(sources: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    const files = Object.entries(sources).map(([name, source]) => this.write(`${name}.ts`, source));
    const { compilerOptions } = JSON.parse(read('tsconfig.json')) as { compilerOptions: object };
    const own = { target: 'es2022', noEmit: false, rootDir: this.folder, outDir: join(this.folder, 'out'), incremental: false };
    const project = this.write('tsconfig.json', JSON.stringify({ compilerOptions: { ...compilerOptions, ...own }, files }));
    await tsc(project);
    return Object.fromEntries(Object.keys(sources).map((name) => [name, join(this.folder, 'out', `${name}.js`)]));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function tsc(project: string): Promise<void> {
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  try {
    await promisify(execFile)(process.execPath, [compiler, '-p', project, '--pretty', 'false'], {
      cwd: ROOT,
      timeout: COMPILE_DEADLINE_MS,
    });
  } catch (error) {
    throw new Error(`the compiler refused it:\n${String((error as { stdout?: string }).stdout)}`, { cause: error });
  }
}
