import type { NodeAddress, OperationName } from '../nodes/node-client.ts';
import { Child } from './child.ts';
import type { Counts } from './load.ts';

/** What a client's process is told at its start. */
export interface NodeRoleOptions {
  readonly client: string;
  readonly node: NodeAddress;
}

/** One window. */
export interface NodeWindow {
  readonly operation: OperationName;
  readonly inFlight: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** Questions the runner asks a client's process, and their answers. */
export interface NodeAnswers {
  ready: { name: string; packages: readonly string[]; operations: readonly OperationName[] };
  /** Makes what the client's operations need; once for all of a kind. */
  prepare: null;
  /** Runs one window; CPU time of the client in microseconds, null for another program. Argument: {@link NodeWindow}. */
  run: Counts & { readonly cpu: number | null };
  close: null;
}

/** Questions the runner asks the process of an extension. */
export interface ExtensionAnswers {
  ready: { port: number };
  close: null;
}

/** Starts an extension that greets. The node needs all cores, so nothing beside it is pinned to one. */
export function startExtension(): Child<ExtensionAnswers> {
  return new Child<ExtensionAnswers>({ end: 'server', script: 'extension-process.js', argument: null, flags: [], isPinned: false });
}

/** Starts a client's process. */
export function startNodeClient(options: NodeRoleOptions): Child<NodeAnswers> {
  return new Child<NodeAnswers>({ end: 'client', script: 'node-process.js', argument: options, flags: [], isPinned: false });
}
