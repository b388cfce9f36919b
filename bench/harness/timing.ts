import { Bench } from 'tinybench';

/** Operations of 20 ns drown in the timer: this many are timed together. */
const BATCH = 256;
const MIN_BATCHES = 4;

/**
 * Median nanoseconds of one operation.
 *
 * @param run runs the operation as many times as it is told
 * @param timeMs for how long
 */
export async function nanosOf(run: (times: number) => void, timeMs: number): Promise<number> {
  const bench = new Bench({ time: timeMs, warmupTime: timeMs / 2, iterations: MIN_BATCHES, warmupIterations: MIN_BATCHES, throws: true });
  bench.add('operation', () => {
    const began = bench.now();
    run(BATCH);
    const elapsed = bench.now() - began;
    return { overriddenDuration: elapsed / BATCH, overriddenIterationCost: elapsed };
  });
  const [task] = await bench.run();
  const result = task?.result;
  if (result?.state !== 'completed') throw new Error(`the case did not complete: ${result?.state}`);
  return result.latency.p50 * 1e6;
}
