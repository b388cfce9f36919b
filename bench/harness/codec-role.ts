import { Child } from './child.ts';

/** One case, how long to time it and how many operations to weigh. */
export interface CodecCase {
  readonly key: string;
  readonly timeMs: number;
  readonly heapOperations: number;
}

/** Questions the runner asks a codec's process, and their answers. */
export interface CodecAnswers {
  ready: { name: string; packages: readonly string[]; cases: readonly string[] };
  /** Runs an operation on every value of its ring. Argument: {@link CodecCase}. */
  once: null;
  /** Nanoseconds of one operation. Argument: {@link CodecCase}. */
  time: number;
  /** Heap bytes one operation allocates. Argument: {@link CodecCase}. */
  heap: number;
  /** What the operations summed up to. */
  sink: number;
  close: null;
}

/** Young generation large enough that no collection falls into most samples. */
const FLAGS = ['--expose-gc', '--max-semi-space-size=64', '--min-semi-space-size=64'];

/** Starts a codec's process. */
export function startCodec(library: string): Child<CodecAnswers> {
  return new Child<CodecAnswers>({ end: 'client', script: 'codec-process.js', argument: library, flags: FLAGS });
}
