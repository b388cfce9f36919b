import { Child } from './child.ts';
import type { Counts } from './load.ts';

/** One of the two contenders of a pair. */
export type Side = 0 | 1;

/** What the processes of a pair are told at their start. */
export interface PairOptions {
  /** Two contenders of this project by their names in the registry. */
  readonly keys: readonly [string, string];
  /** Client only. */
  readonly ports: readonly [number, number];
  readonly bodyBytes: number;
  readonly connections: number;
  readonly inFlight: number;
}

/** One window of one side. */
export interface PairWindow {
  readonly side: Side;
  readonly measureMs: number;
}

/** Questions the runner asks the server of a pair, and their answers. */
export interface PairServerAnswers {
  ready: { ports: readonly [number, number] };
  /** CPU time so far in microseconds. */
  cpu: number;
  close: null;
}

/** Questions the runner asks the client of a pair, and their answers. */
export interface PairClientAnswers {
  ready: null;
  /** Runs the load of one side for a window; the other side stands idle. Argument: {@link PairWindow}. */
  window: Counts & { readonly cpu: number };
  close: null;
}

/** Starts the process that serves both sides. */
export function startPairServer(options: PairOptions): Child<PairServerAnswers> {
  return new Child<PairServerAnswers>({ end: 'server', script: 'pair-server-process.js', argument: options, flags: [] });
}

/** Starts the process that calls both sides, one at a time. */
export function startPairClient(options: PairOptions): Child<PairClientAnswers> {
  return new Child<PairClientAnswers>({ end: 'client', script: 'pair-client-process.js', argument: options, flags: [] });
}
