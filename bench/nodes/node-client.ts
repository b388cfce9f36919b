import { documents } from '../corpus/values.ts';

/** Where a genuine node listens. */
export interface NodeAddress {
  readonly httpUrl: string;
  readonly transportAddress: string;
}

/** What every client does on a node, with the same documents. Each checks its answer and gives the document or the count it read. */
export interface NodeOperations {
  /** Reads one document and parses its source. */
  get: () => Promise<unknown>;
  /** Writes one document. */
  index: () => Promise<unknown>;
  /** Writes {@link BULK_SIZE} documents in one request. */
  bulk: () => Promise<unknown>;
  /** Health of the cluster. */
  health: () => Promise<unknown>;
}

/** A client connected to a node. */
export interface NodeSession extends NodeOperations {
  /** Makes the index and the document that `get` reads. */
  prepare: () => Promise<void>;
  close: () => Promise<void> | void;
}

/** A client library. */
export interface NodeClient {
  readonly name: string;
  readonly packages: readonly string[];
  readonly open: (node: NodeAddress) => Promise<NodeSession>;
}

export const INDEX = 'bench';
export const DOCUMENT_ID = 'the-one';
export const BULK_SIZE = 1000;
export const OPERATIONS: readonly (keyof NodeOperations)[] = ['get', 'index', 'bulk', 'health'];

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
