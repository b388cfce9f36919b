// One codec in its own process: a call site sees one library only.
import { Bench } from 'tinybench';
import { type Operation, RING_MASK } from '../corpus/codec.ts';
import { findLibrary } from '../libraries/registry.ts';
import { serveRunner, startArgument } from './answering.ts';
import type { CodecAnswers, CodecCase } from './codec-role.ts';

/** Operations of 20 ns drown in the timer: this many are timed together. */
const BATCH = 256;
const MIN_BATCHES = 4;

let sink = 0;

await serveRunner<CodecAnswers>(async () => {
  const { name, packages, cases } = await findLibrary(startArgument<string>());
  const operations = new Map<string, Operation>();
  const operationOf = (key: string): Operation => {
    const known = operations.get(key) ?? cases[key]?.();
    if (known === undefined) throw new Error(`${name} has no case '${key}'`);
    operations.set(key, known);
    return known;
  };
  const answering = {
    time: ({ key, timeMs }: CodecCase) => nanosOf(operationOf(key), timeMs),
    heap: ({ key, heapOperations }: CodecCase) => heapOf(operationOf(key), heapOperations),
    sink: () => sink,
  };
  return { ready: { name, packages, cases: Object.keys(cases) }, answering };
});

/** Median nanoseconds of one operation over `timeMs` milliseconds. */
async function nanosOf(operation: Operation, timeMs: number): Promise<number> {
  const bench = new Bench({ time: timeMs, warmupTime: timeMs / 2, iterations: MIN_BATCHES, warmupIterations: MIN_BATCHES, throws: true });
  bench.add('operation', () => {
    const began = bench.now();
    run(operation, BATCH);
    const elapsed = bench.now() - began;
    return { overriddenDuration: elapsed / BATCH, overriddenIterationCost: elapsed };
  });
  const [task] = await bench.run();
  const result = task?.result;
  if (result?.state !== 'completed') throw new Error(`the case did not complete: ${result?.state}`);
  return result.latency.p50 * 1e6;
}

/** Heap bytes one operation allocates. */
function heapOf(operation: Operation, operations: number): number {
  run(operation, operations);
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  run(operation, operations);
  return Math.max(0, process.memoryUsage().heapUsed - before) / operations;
}

function run(operation: Operation, times: number): void {
  let sum = 0;
  for (let i = 0; i < times; i++) sum += operation(i & RING_MASK);
  sink = (sink + sum) | 0;
}
