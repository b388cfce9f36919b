import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './markdown.ts';

const run = promisify(execFile);

/** Packages that are found through the packages installed by name. */
const FOUND_FROM: Readonly<Record<string, string[]>> = { '@types/node': ['undici-types'] };

/**
 * A new folder outside the repository with the packed package installed, as a user has it. `npm install` is the one command that is not run but
 * imitated, so that no registry is needed: tarballs are unpacked, and other packages are links to those of the repository.
 */
export class FreshProject {
  readonly folder: string;
  readonly #parent: string;

  private constructor(parent: string) {
    this.#parent = parent;
    this.folder = join(parent, 'project');
    mkdirSync(this.folder);
  }

  /** Packs the package into a folder named as a clone, beside a new empty folder. */
  static async create(): Promise<FreshProject> {
    const parent = mkdtempSync(join(tmpdir(), 'opensearch-transport-fresh-'));
    const clone = join(parent, 'opensearch-transport');
    mkdirSync(clone);
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', clone], { cwd: ROOT });
    return new FreshProject(parent);
  }

  /** Runs the lines of a shell block one by one in the folder, and returns what each wrote to its standard output. */
  async shell(block: string): Promise<string[]> {
    const outputs: string[] = [];
    for (const line of block.split('\n').filter((text) => text !== '')) outputs.push(await this.#line(line));
    return outputs;
  }

  async #line(line: string): Promise<string> {
    const install = /^npm install (?:--save-dev )?(.+)$/.exec(line);
    if (install !== null) {
      for (const name of String(install[1]).split(' ')) await this.#install(name);
      return '';
    }
    try {
      const { stdout } = await run('sh', ['-c', line], { cwd: this.folder, timeout: 120_000 });
      return stdout;
    } catch (error) {
      const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string };
      throw new Error(`${line}\n${String(stdout)}\n${String(stderr)}`, { cause: error });
    }
  }

  async #install(name: string): Promise<void> {
    if (!name.endsWith('.tgz')) return this.#link(name);
    const target = join(this.folder, 'node_modules', 'opensearch-transport');
    mkdirSync(target, { recursive: true });
    await run('tar', ['-xzf', join(this.folder, name), '--strip-components=1', '-C', target]);
    for (const dependency of Object.keys(manifestOf(target).dependencies ?? {})) this.#link(dependency);
  }

  /** Links a package of the repository, with its commands. */
  #link(name: string): void {
    const source = join(ROOT, 'node_modules', name);
    this.#symlink(source, name);
    const { bin = {} } = manifestOf(source);
    const commands = typeof bin === 'string' ? { [basename(name)]: bin } : bin;
    for (const [command, file] of Object.entries(commands)) this.#symlink(join(source, file), join('.bin', command));
    for (const other of FOUND_FROM[name] ?? []) this.#link(other);
  }

  #symlink(source: string, name: string): void {
    const target = join(this.folder, 'node_modules', name);
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(source, target);
  }

  /** Writes a file and returns its path. */
  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  remove(): void {
    rmSync(this.#parent, { recursive: true, force: true });
  }
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly bin?: string | Readonly<Record<string, string>>;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}
