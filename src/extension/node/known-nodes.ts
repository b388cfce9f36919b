import { StatusError } from '../../protocol/error/status-error.ts';
import { UsageError } from '../../protocol/error/transport-error.ts';
import type { HostNode, RegistrationState } from './host-node.ts';

/** Upper bound on remembered nodes; any peer can claim to be a node. */
const MAX_NODES = 256;

/** Upper bound on the unique ids that one connection may give the extension. A node gives it one, or a few if it was told to initialise it under several. */
const MAX_IDS_PER_CONNECTION = 8;

/** What a channel has given under one unique id. */
interface Given {
  readonly key: string;
  readonly registration: RegistrationState;
}

/**
 * The nodes that have initialised an extension, one for each node and unique id, for as long as their channels are open. Several nodes and clusters may
 * give the same unique id. Bounded in number and in bytes, because any peer can claim to be a node.
 */
export class KnownNodes {
  /** By node id and unique id, the newest last. */
  readonly #byKey = new Map<string, HostNode>();
  /** How many nodes know the extension by each unique id. */
  readonly #idCounts = new Map<string, number>();
  /** What each channel has given, by unique id. An id stays until the channel ends, so that the extension registers under it once. */
  readonly #sources = new Map<AbortSignal, Map<string, Given>>();
  readonly #onDisconnected: (node: HostNode) => void;

  /** @param onDisconnected is told of a node whose channel has ended */
  constructor(onDisconnected: (node: HostNode) => void) {
    this.#onDisconnected = onDisconnected;
  }

  get size(): number {
    return this.#byKey.size;
  }

  get nodes(): readonly HostNode[] {
    return Array.from(this.#byKey.values());
  }

  /** The connected node that initialised the extension first. @throws ERR_NO_NODE */
  get first(): HostNode {
    for (const node of this.#byKey.values()) if (node.isConnected) return node;
    const text = 'no node is connected to the extension: call initialize(), or wait for the event initialized';
    throw new UsageError('ERR_NO_NODE', {}, text);
  }

  /** Returns the unique ids under which nodes know the extension, each once. */
  ids(): Iterable<string> {
    return this.#idCounts.keys();
  }

  /**
   * Remembers a node until its channel ends. Its predecessor is forgotten: the same node and unique id on another channel.
   *
   * @returns true if the channel gives the extension this unique id for the first time: the extension must register under it
   * @throws StatusError 429 if the channel has given the extension too many ids
   */
  add(node: HostNode): boolean {
    const given = this.#givenBy(node);
    const before = given.get(node.uniqueId);
    if (before === undefined && given.size >= MAX_IDS_PER_CONNECTION) {
      const text = `the extension accepts at most ${MAX_IDS_PER_CONNECTION} unique ids on one connection`;
      throw new StatusError(429, 'rejected_execution_exception', text);
    }
    if (before !== undefined && this.#isOn(before.key, node.channel.ended)) this.#remove(before.key);
    if (before !== undefined) node.registration = before.registration;
    const key = keyOf(node);
    given.set(node.uniqueId, { key, registration: node.registration });
    // Behind all others: it is the newest again.
    this.#remove(key);
    this.#byKey.set(key, node);
    this.#idCounts.set(node.uniqueId, (this.#idCounts.get(node.uniqueId) ?? 0) + 1);
    if (this.#byKey.size > MAX_NODES) this.#evict(node);
    return before === undefined;
  }

  /** Adds one listener for each channel, however often its peer initialises. */
  #givenBy({ channel: { ended } }: HostNode): Map<string, Given> {
    let given = this.#sources.get(ended);
    if (given === undefined) {
      given = new Map();
      this.#sources.set(ended, given);
      ended.addEventListener('abort', () => this.#forget(ended), { once: true });
    }
    return given;
  }

  /** A node that initialised the extension anew on another channel stays. */
  #forget(ended: AbortSignal): void {
    const given = this.#sources.get(ended);
    this.#sources.delete(ended);
    for (const { key } of given?.values() ?? []) {
      const node = this.#isOn(key, ended) ? this.#remove(key) : undefined;
      if (node !== undefined) this.#onDisconnected(node);
    }
  }

  #isOn(key: string, ended: AbortSignal): boolean {
    return this.#byKey.get(key)?.channel.ended === ended;
  }

  #remove(key: string): HostNode | undefined {
    const node = this.#byKey.get(key);
    if (node === undefined) return undefined;
    this.#byKey.delete(key);
    const count = (this.#idCounts.get(node.uniqueId) ?? 1) - 1;
    if (count === 0) this.#idCounts.delete(node.uniqueId);
    else this.#idCounts.set(node.uniqueId, count);
    return node;
  }

  /** Forgets the oldest node of the host that has the most: others keep theirs. */
  #evict(newest: HostNode): void {
    const counts = new Map<string, number>();
    for (const { channel } of this.#byKey.values()) counts.set(channel.remote.host, (counts.get(channel.remote.host) ?? 0) + 1);
    const most = Math.max(...counts.values());
    for (const [key, node] of this.#byKey) {
      if (node === newest || counts.get(node.channel.remote.host) !== most) continue;
      this.#remove(key);
      return;
    }
  }
}

/** The length keeps apart what the two texts could be. */
function keyOf({ nodeId, uniqueId }: HostNode): string {
  return `${nodeId.length} ${nodeId} ${uniqueId}`;
}
