import type { Endpoint } from '../transport/carrier/link.ts';
import type { OwnIdentity } from '../transport/channel/own-identity.ts';
import { majorOf } from './releases.ts';

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
  /** Number of the cluster state. */
  readonly stateVersion: number = 2;
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

  /** The settings that the node was started with, by their whole names. */
  get settings(): Readonly<Record<string, string>> {
    const { clusterName, nodeName } = this.identity;
    return {
      'cluster.name': clusterName,
      'discovery.type': 'single-node',
      // REST and transport do not wait for each other here, as in a node that has HTTP workers of its own.
      'http.netty.worker_count': '1',
      'http.port': String(this.http.port),
      'network.host': this.http.host,
      'node.name': nodeName,
      'opensearch.experimental.feature.extensions.enabled': 'true',
      'transport.port': String(this.transport.port),
    };
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
