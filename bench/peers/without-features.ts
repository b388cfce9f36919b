import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { OwnLibrary } from './own-peer.ts';

const BUILT = new URL('../../../dist/', import.meta.url);

/** What is cut out of the compiled library: each text is found once, or the copy is not what it claims to be. */
const CUTS: readonly { readonly file: string; readonly text: RegExp; readonly by: string }[] = [
  { file: 'transport/client/client.js', text: /if \(this\.#service !== null\)\s+return this\.#intercepted\([^;]*;/, by: '' },
  { file: 'transport/call/dispatcher.js', text: /if \(this\.#service === null\)\s+return/, by: 'return' },
  { file: 'transport/channel/call-on.js', text: /channel\.isWatched \? channel : null/, by: 'null' },
  { file: 'transport/channel/call-on.js', text: /if \(diagnostics\.callStart\.hasSubscribers\) \{[^}]*\}\);\s*\}/, by: '' },
  { file: 'transport/channel/in-flight.js', text: /return Math\.max\(0, arrivals\.now\(\) - this\.#startedAt\);/, by: 'return 0;' },
  { file: 'transport/channel/in-flight.js', text: /#watcher;\s/, by: '' },
  { file: 'transport/channel/in-flight.js', text: /#startedAt;\s/, by: '' },
  { file: 'transport/channel/in-flight.js', text: /this\.#watcher = watcher;/, by: '' },
  { file: 'transport/channel/in-flight.js', text: /this\.#startedAt = [^;]*;/, by: '' },
  { file: 'transport/channel/in-flight.js', text: /if \(this\.#watcher !== null\)\s+this\.#watcher\.onSettled\([^;]*, null\);/, by: '' },
  { file: 'transport/channel/in-flight.js', text: /if \(this\.#watcher !== null\)\s+this\.#watcher\.onSettled\([^;]*, error\);/, by: '' },
  { file: 'transport/channel/incoming-calls.js', text: /if \(this\.#options\.metrics !== null[^;]*;/, by: '' },
  { file: 'transport/channel/reader.js', text: /arrivals\.begin\(\);/, by: '' },
  { file: 'transport/channel/reader.js', text: /arrivals\.end\(\);/, by: '' },
  { file: 'transport/channel/incoming-calls.js', text: /if \(context\.startedAt !== 0\)[^;]*;/, by: '' },
  { file: 'transport/channel/incoming-calls.js', text: /if \(context\.startedAt !== 0 && registration !== undefined\)[^;]*;/, by: '' },
];

/** The library without interceptors, metrics and tracing hooks on the way of a call. */
export async function withoutFeatures(): Promise<OwnLibrary> {
  const copy = cut();
  const load = (entry: string): Promise<unknown> => import(new URL(entry, copy).href);
  return {
    main: (await load('index.js')) as OwnLibrary['main'],
    carrier: (await load('carrier.js')) as OwnLibrary['carrier'],
  };
}

/** Why the copy cannot be made, or null. */
export async function without(): Promise<string | null> {
  try {
    await withoutFeatures();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Copies the build, once for each process: two ends of a case run at the same time. */
function cut(): URL {
  const copy = new URL(`../without-features-${process.pid}/`, import.meta.url);
  cpSync(fileURLToPath(BUILT), fileURLToPath(copy), { recursive: true, filter: (path) => !path.endsWith('.d.ts') });
  process.once('exit', () => rmSync(copy, { recursive: true, force: true }));
  for (const { file, text, by } of CUTS) {
    const path = new URL(file, copy);
    const code = readFileSync(path, 'utf8');
    const found = code.match(new RegExp(text, 'g'))?.length ?? 0;
    if (found !== 1)
      throw new Error(`${file} has ${found} places like ${text.source}: peers/without-features.ts is to be brought up to date`);
    writeFileSync(path, code.replace(text, by));
  }
  return copy;
}
