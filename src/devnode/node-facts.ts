import { majorOf } from './releases.ts';
import type { Endpoint } from '../transport/carrier/link.ts';
import type { OwnIdentity } from '../transport/channel/own-identity.ts';

/** What a node knows of one of its indices. */
export interface IndexFacts {
  readonly name: string;
  readonly uuid: string;
  /** Number of primary shards, all of them on this node. */
  readonly primaries: number;
  /** Number of replicas of each primary. One node has no place for them. */
  readonly replicas: number;
  readonly docs: number;
  readonly deletedDocs: number;
  readonly bytes: number;
}

/** What the endpoints of a node say about it. */
export class NodeFacts {
  readonly identity: OwnIdentity;
  /** Release whose behaviour the node has, such as `3.9.0`. */
  readonly release: string;
  readonly clusterUuid: string;
  readonly stateUuid: string;
  /** Where it listens; set once it does. */
  http: Endpoint = { host: '127.0.0.1', port: 0 };
  transport: Endpoint = { host: '127.0.0.1', port: 0 };
  #indices: () => readonly IndexFacts[] = () => [];

  constructor(identity: OwnIdentity, release: string, uuids: { readonly cluster: string; readonly state: string }) {
    this.identity = identity;
    this.release = release;
    this.clusterUuid = uuids.cluster;
    this.stateUuid = uuids.state;
  }

  /** The first number of the release. */
  get major(): number {
    return majorOf(this.release);
  }

  /** The indices of the node, as the store has them now. */
  get indices(): readonly IndexFacts[] {
    return this.#indices();
  }

  /** Says where the indices are known. For the document store. */
  useIndices(source: () => readonly IndexFacts[]): void {
    this.#indices = source;
  }
}
