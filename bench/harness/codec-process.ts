// One codec in its own process: a call site sees one library only.
import { type Operation, RING_MASK } from '../corpus/codec.ts';
import { findLibrary } from '../libraries/registry.ts';
import { serveRunner, startArgument } from './answering.ts';
import type { CodecAnswers, CodecCase } from './codec-role.ts';

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
    once: ({ key }: CodecCase) => {
      run(operationOf(key), RING_MASK + 1);
      return null;
    },
    // Loaded when something is to be timed: running our own cases once needs no package.
    time: async ({ key, timeMs }: CodecCase) => {
      const { nanosOf } = await import('./timing.ts');
      const operation = operationOf(key);
      return nanosOf((times) => run(operation, times), timeMs);
    },
    heap: ({ key, heapOperations }: CodecCase) => heapOf(operationOf(key), heapOperations),
    sink: () => sink,
  };
  return { ready: { name, packages, cases: Object.keys(cases) }, answering };
});

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
