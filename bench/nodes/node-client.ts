import { documents } from '../corpus/values.ts';
import type { Counts } from '../harness/load.ts';

/** Where a genuine node listens, and the extension it is to serve. */
export interface NodeAddress {
  readonly httpUrl: string;
  readonly transportAddress: string;
  readonly extensionPort: number;
}

/** What clients do on a node, with the same documents. Each checks its answer. */
export interface NodeOperations {
  /** Reads one document and parses its source. */
  get: () => Promise<unknown>;
  /** Writes one document. */
  index: () => Promise<unknown>;
  /** Writes {@link BULK_SIZE} documents in one request. */
  bulk: () => Promise<unknown>;
  /** Health of the cluster. */
  health: () => Promise<unknown>;
  /** One REST request that the node, or an extension behind it, answers with a few words. */
  rest: () => Promise<unknown>;
}

/** Name of an operation. */
export type OperationName = keyof NodeOperations;

/** A client connected to a node. */
export interface NodeSession {
  /** What it can do. */
  readonly operations: Readonly<Partial<NodeOperations>>;
  /** Operations for which another program makes the load: it keeps the calls in flight for a while and reports. */
  readonly drives?: Readonly<Partial<Record<OperationName, (inFlight: number, measureMs: number) => Promise<Counts>>>>;
  /** Makes what its operations need; called once on each node, for the first client of a kind. */
  readonly prepare?: () => Promise<void>;
  close: () => Promise<void> | void;
}

/** A client library. */
export interface NodeClient {
  readonly name: string;
  readonly packages: readonly string[];
  /** Returns why it cannot run here, or null. @default it can */
  readonly missing?: () => string | null;
  readonly open: (node: NodeAddress) => Promise<NodeSession>;
}

export const INDEX = 'bench';
export const DOCUMENT_ID = 'the-one';
export const BULK_SIZE = 1000;

const ring = documents();
let at = 0;

/** The next document of the ring. */
export function nextDocument(): Record<string, unknown> {
  return ring[at++ & (ring.length - 1)] as Record<string, unknown>;
}

/** @throws when the condition does not hold */
export function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`wrong answer: ${what}`);
}
