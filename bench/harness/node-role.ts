import type { NodeAddress, NodeOperations } from '../nodes/node-client.ts';
import { Child } from './child.ts';
import type { Counts } from './load.ts';

/** What a client's process is told at its start. */
export interface NodeRoleOptions {
  readonly client: string;
  readonly node: NodeAddress;
}

/** One window. */
export interface NodeWindow {
  readonly operation: keyof NodeOperations;
  readonly inFlight: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** Questions the runner asks a client's process, and their answers. */
export interface NodeAnswers {
  ready: { name: string; packages: readonly string[] };
  /** Makes the index; once for all clients. */
  prepare: null;
  /** Runs one window. Argument: {@link NodeWindow}. */
  run: Counts & { cpu: number };
  close: null;
}

/** Starts a client's process. */
export function startNodeClient(options: NodeRoleOptions): Child<NodeAnswers> {
  return new Child<NodeAnswers>({ end: 'client', script: 'node-process.js', argument: options, flags: [] });
}
