// One codec in its own process: a call site sees one library only.
import { type Operation, ROUND } from '../corpus/codec.ts';
import { findLibrary } from '../libraries/registry.ts';
import { serveRunner, startArgument } from './answering.ts';
import type { CodecAnswers, CodecCase } from './codec-role.ts';

/** Before a case is timed for the first time: the engine compiles after calls, not after milliseconds. */
const WARM_UP = { operations: 100_000, mostMs: 300 } as const;

/** Garbage made before anything is timed: more than the young generation, whose pages cost the first one who writes to them. */
const GARBAGE_BYTES = 256 * 1024 ** 2;

let sink = 0;
/** Goes on from one timing to the next, so that every value of a ring has its turn. */
let turn = 0;

await serveRunner<CodecAnswers>(async () => {
  const { name, packages, cases } = await findLibrary(startArgument<string>());
  const operations = new Map<string, Operation>();
  const warm = new Set<string>();
  const operationOf = (key: string): Operation => {
    const known = operations.get(key) ?? cases[key]?.();
    if (known === undefined) throw new Error(`${name} has no case '${key}'`);
    operations.set(key, known);
    return known;
  };
  touchYoungGeneration();
  const answering = {
    once: ({ key }: CodecCase) => {
      run(operationOf(key), ROUND);
      return null;
    },
    // Loaded when something is to be timed: running our own cases once needs no package.
    time: async ({ key, timeMs }: CodecCase) => {
      const { nanosOf } = await import('./timing.ts');
      const operation = operationOf(key);
      if (!warm.has(key)) warmUp(operation);
      warm.add(key);
      return nanosOf((times) => run(operation, times), timeMs);
    },
    heap: ({ key, heapOperations }: CodecCase) => heapOf(operationOf(key), heapOperations),
    sink: () => sink,
  };
  return { ready: { name, packages, cases: Object.keys(cases) }, answering };
});

function touchYoungGeneration(): void {
  const kept: number[][] = [];
  for (let made = 0; made < GARBAGE_BYTES; made += 8 * 1024) kept[made & 7] = new Array<number>(1024).fill(made);
  sink += kept.length;
}

function warmUp(operation: Operation): void {
  const until = performance.now() + WARM_UP.mostMs;
  for (let done = 0; done < WARM_UP.operations && performance.now() < until; done += ROUND) run(operation, ROUND);
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
  const from = turn;
  let sum = 0;
  for (let i = 0; i < times; i++) sum += operation((from + i) & (ROUND - 1));
  turn = from + times;
  sink = (sink + sum) | 0;
}
