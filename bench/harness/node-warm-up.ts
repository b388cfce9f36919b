import { cpuOfThreads } from './proc.ts';

/** HotSpot's compilers; the kernel keeps 15 characters of a thread's name. */
const COMPILERS = /^C[12] Compiler/;
/** Compilers rest when they use less than this share of a core. */
const RESTING_SHARE = 0.25;
/** Longest warm-up of one operation: where compilers cannot be watched, or never rest. */
const PATIENCE_MS = 8_000;

/**
 * Calls until the node's compilers rest. A node that has just started spends more on compiling than on calls, for some ten seconds of load: it is as slow
 * for every client then, and ratios between clients are near one, whatever they cost.
 *
 * @param pid the node's process
 * @param turn lets every client call for a while
 */
export async function warmUpNode(pid: number, turn: () => Promise<void>): Promise<void> {
  const began = performance.now();
  for (let compiling = 1; compiling > RESTING_SHARE && performance.now() - began < PATIENCE_MS; ) {
    const at = performance.now();
    const before = cpuOfThreads(pid, COMPILERS);
    await turn();
    const after = cpuOfThreads(pid, COMPILERS);
    if (before !== null && after !== null) compiling = (after - before) / 1000 / (performance.now() - at);
  }
}
