import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Upper bound on watched folders. */
const MAX_FOLDERS = 1_000;

/** Endings of the files that count in watched folders. */
const SOURCE = /\.(?:[cm]?[jt]sx?|json)$/;

/** Folders of packages are large, and do not change while one edits. */
const PACKAGES = 'node_modules';

/** What is watched, and who is told. */
export interface WatchOptions {
  /** Files, and folders with the folders below them. */
  readonly paths: readonly string[];
  /** Time without a further change before it is told, in milliseconds. */
  readonly debounceMs: number;
  readonly onChange: (files: readonly string[]) => void;
}

/** Tells changes of files, several at once as one. */
export class FileWatcher {
  readonly #options: WatchOptions;
  readonly #watchers = new Map<string, FSWatcher>();
  /** Files that are watched by name, whatever their ending. */
  readonly #named = new Set<string>();
  /** Folders of which every source counts. */
  readonly #whole = new Set<string>();
  readonly #changed = new Set<string>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: WatchOptions) {
    this.#options = options;
    for (const path of options.paths) {
      if (isFolder(path)) this.#addTree(path);
      else {
        this.#named.add(path);
        this.#watch(dirname(path));
      }
    }
  }

  /** Number of watched folders. */
  get size(): number {
    return this.#watchers.size;
  }

  #addTree(folder: string): void {
    if (this.#whole.has(folder) || this.#whole.size >= MAX_FOLDERS) return;
    this.#whole.add(folder);
    this.#watch(folder);
    for (const name of foldersIn(folder)) this.#addTree(join(folder, name));
  }

  /** A folder is watched, not its files: editors replace a file by a new one. */
  #watch(folder: string): void {
    if (this.#watchers.has(folder) || this.#watchers.size >= MAX_FOLDERS) return;
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => this.#onEvent(folder, name));
      watcher.on('error', () => this.#forget(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      // It has gone meanwhile, or the system has no more watches; the others are told all the same.
      this.#whole.delete(folder);
    }
  }

  #forget(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
    this.#whole.delete(folder);
  }

  #onEvent(folder: string, name: string | null): void {
    if (name === null || name.startsWith('.') || name === PACKAGES) return;
    const path = join(folder, name);
    const isWhole = this.#whole.has(folder);
    if (isWhole && isFolder(path)) this.#addTree(path);
    if (!this.#named.has(path) && !(isWhole && SOURCE.test(basename(path)))) return;
    if (this.#changed.size < MAX_FOLDERS) this.#changed.add(path);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(), this.#options.debounceMs);
  }

  #tell(): void {
    this.#timer = null;
    const files = [...this.#changed].sort();
    this.#changed.clear();
    this.#options.onChange(files);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    return false;
  }
}

function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() && entry.name !== PACKAGES && !entry.name.startsWith('.')).map(({ name }) => name);
  } catch {
    return [];
  }
}
