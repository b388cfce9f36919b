import { type Cut, libraryCopy } from './library-copy.ts';
import type { OwnLibrary } from './own-peer.ts';

/** What is cut out of the compiled library. */
const CUTS: readonly Cut[] = [
  { file: 'transport/client/client.js', text: /if \(this\.#service !== null\)\s+return this\.#intercepted\([^;]*;/, by: '' },
  { file: 'transport/call/dispatcher.js', text: /if \(this\.#service === null\)\s+return/, by: 'return' },
  {
    file: 'transport/channel/outgoing-calls.js',
    text: /this\.#isWatched \|\| options\.onResponseHeaders !== null \? this\.#watcherFor\(options\) : null/,
    by: 'null',
  },
  {
    file: 'transport/channel/outgoing-calls.js',
    text: /if \(diagnostics\.callStart\.hasSubscribers\)\s+this\.#publishStart\(call\);/,
    by: '',
  },
  { file: 'transport/channel/in-flight.js', text: /return Math\.max\(0, arrivals\.now\(\) - this\.#startedAt\);/, by: 'return 0;' },
  { file: 'transport/channel/in-flight.js', text: /#watcher;\s/, by: '' },
  { file: 'transport/channel/in-flight.js', text: /#startedAt;\s/, by: '' },
  { file: 'transport/channel/in-flight.js', text: /this\.#watcher = watcher;/, by: '' },
  {
    file: 'transport/channel/in-flight.js',
    text: /if \(this\.#watcher !== null\)\s+this\.#watcher\.onResponseHeaders\(variable\);/,
    by: '',
  },
  { file: 'transport/channel/in-flight.js', text: /this\.#startedAt = [^;]*;/, by: '' },
  { file: 'transport/channel/in-flight.js', text: /if \(this\.#watcher !== null\)\s+this\.#watcher\.onSettled\([^;]*, null\);/, by: '' },
  { file: 'transport/channel/in-flight.js', text: /if \(this\.#watcher !== null\)\s+this\.#watcher\.onSettled\([^;]*, error\);/, by: '' },
  { file: 'transport/channel/incoming-calls.js', text: /if \(this\.#options\.incomingMetrics !== null[^;]*;/, by: '' },
  { file: 'transport/channel/reader.js', text: /arrivals\.begin\(\);/, by: '' },
  { file: 'transport/channel/reader.js', text: /arrivals\.end\(\);/, by: '' },
  { file: 'transport/channel/incoming-calls.js', text: /if \(context\.startedAt !== 0\)[^;]*;/, by: '' },
  { file: 'transport/channel/incoming-calls.js', text: /if \(context\.startedAt !== 0 && registration !== undefined\)[^;]*;/, by: '' },
];

/** Loads the library without interceptors, metrics and tracing hooks on the path of a call. */
export function withoutFeatures(): Promise<OwnLibrary> {
  return libraryCopy(CUTS);
}

/** Returns why the copy cannot be made, or null. */
export async function whyNotWithoutFeatures(): Promise<string | null> {
  try {
    await withoutFeatures();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
