import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { OwnLibrary } from './own-peer.ts';

const BUILT = new URL('../../../dist/', import.meta.url);

/** A text that is replaced in a copy of the build. It has to occur exactly once. */
export interface Cut {
  readonly file: string;
  readonly text: RegExp;
  readonly by: string;
}

let copies = 0;

/**
 * Loads a copy of the build, with parts cut out of it. Copies share no code: the engine compiles and optimizes each by itself, so that two of them in one
 * process do not slow each other down. The copy is removed when the process ends.
 *
 * @throws Error if a cut does not match exactly once
 */
export async function libraryCopy(cuts: readonly Cut[] = []): Promise<OwnLibrary> {
  const copy = new URL(`../library-copy-${process.pid}-${copies++}/`, import.meta.url);
  cpSync(fileURLToPath(BUILT), fileURLToPath(copy), { recursive: true, filter: (path) => !/\.(d\.ts|map)$/.test(path) });
  process.once('exit', () => rmSync(copy, { recursive: true, force: true }));
  for (const { file, text, by } of cuts) {
    const path = new URL(file, copy);
    const code = readFileSync(path, 'utf8');
    const found = code.match(new RegExp(text, 'g'))?.length ?? 0;
    if (found !== 1) throw new Error(`expected ${text.source} once in ${file}, found it ${found} times: update the cuts of the benches`);
    writeFileSync(path, code.replace(text, by));
  }
  const load = (entry: string): Promise<unknown> => import(new URL(entry, copy).href);
  return {
    main: (await load('index.js')) as OwnLibrary['main'],
    carrier: (await load('carrier.js')) as OwnLibrary['carrier'],
  };
}
