import { StatusError } from '../../protocol/error/status-error.ts';
import type { PeerChannel } from '../../transport/call/peer-channel.ts';
import { boundedName } from '../../transport/util/bounded-text.ts';
import type { HostNode } from '../extension-options.ts';

/** Upper bound on remembered nodes; any peer can claim to be a node. */
const MAX_NODES = 256;

/** Upper bound on the unique ids that one connection may give the extension. A node gives it one, or a few if it was told to initialise it under several. */
const MAX_IDS_PER_CONNECTION = 8;

/** Longest unique id and name that a node may give the extension, in characters: nodes accept no longer names for its routes. */
const MAX_ID_CHARACTERS = 256;

interface Known {
  readonly node: HostNode;
  readonly channel: PeerChannel;
}

/** A channel by which nodes have initialised the extension. */
interface Source {
  /** The unique ids whose routes are being registered: the node has not answered yet. */
  readonly registering: Set<string>;
}

/**
 * The nodes that have initialised an extension, one for each unique id, for as long as their channels are open. Bounded in number and in bytes, because
 * any peer can claim to be a node.
 */
export class KnownNodes {
  readonly #byId = new Map<string, Known>();
  readonly #sources = new Map<AbortSignal, Source>();
  readonly #onLeft: (node: HostNode) => void;

  /** @param onLeft is told of a node whose channel has ended */
  constructor(onLeft: (node: HostNode) => void) {
    this.#onLeft = onLeft;
  }

  get size(): number {
    return this.#byId.size;
  }

  get nodes(): readonly HostNode[] {
    return Array.from(this.#byId.values(), ({ node }) => node);
  }

  /** Returns the unique ids under which nodes know the extension. */
  ids(): Iterable<string> {
    return this.#byId.keys();
  }

  /**
   * Remembers a node until its channel ends. A node that gave the same unique id by another channel is forgotten.
   *
   * @returns the node as it is remembered: a long name is cut
   * @throws StatusError 400 for an id or a name that is too long, 429 if the channel has given the extension too many ids
   */
  add(node: HostNode, channel: PeerChannel): HostNode {
    checkLength('unique id', node.uniqueId);
    checkLength('name', node.extensionName);
    const isKnown = this.#byId.get(node.uniqueId)?.channel.ended === channel.ended;
    if (!isKnown) this.#checkCount(channel);
    this.#watch(channel.ended);
    const remembered = { ...node, name: boundedName(node.name) };
    // Behind all others: it is the newest again.
    this.#byId.delete(node.uniqueId);
    this.#byId.set(node.uniqueId, { node: remembered, channel });
    if (this.#byId.size > MAX_NODES) this.#evict(node.uniqueId);
    return remembered;
  }

  #checkCount({ ended }: PeerChannel): void {
    let count = 0;
    for (const known of this.#byId.values()) if (known.channel.ended === ended) count++;
    if (Math.max(count, this.#sources.get(ended)?.registering.size ?? 0) < MAX_IDS_PER_CONNECTION) return;
    const text = `the extension accepts at most ${MAX_IDS_PER_CONNECTION} unique ids on one connection`;
    throw new StatusError(429, 'rejected_execution_exception', text);
  }

  /** Adds one listener for each channel, however often its peer initialises. */
  #watch(ended: AbortSignal): void {
    if (this.#sources.has(ended)) return;
    this.#sources.set(ended, { registering: new Set() });
    ended.addEventListener('abort', () => this.#forget(ended), { once: true });
  }

  /** A node that initialised the extension anew on another channel stays. */
  #forget(ended: AbortSignal): void {
    this.#sources.delete(ended);
    for (const [uniqueId, known] of Array.from(this.#byId)) {
      if (known.channel.ended !== ended) continue;
      this.#byId.delete(uniqueId);
      this.#onLeft(known.node);
    }
  }

  /** Forgets the oldest node of the host that has the most: others keep theirs. */
  #evict(newest: string): void {
    const counts = new Map<string, number>();
    for (const { channel } of this.#byId.values()) counts.set(channel.remote.host, (counts.get(channel.remote.host) ?? 0) + 1);
    const most = Math.max(...counts.values());
    for (const [uniqueId, { channel }] of this.#byId) {
      if (uniqueId === newest || counts.get(channel.remote.host) !== most) continue;
      this.#byId.delete(uniqueId);
      return;
    }
  }

  /** Returns whether the routes may be registered under this id now: false while the node has not answered the registration before. */
  beginRegistration(uniqueId: string, { ended }: PeerChannel): boolean {
    const registering = this.#sources.get(ended)?.registering;
    if (registering === undefined || registering.has(uniqueId)) return false;
    registering.add(uniqueId);
    return true;
  }

  /** The node has answered the registration, or never will. */
  endRegistration(uniqueId: string, { ended }: PeerChannel): void {
    this.#sources.get(ended)?.registering.delete(uniqueId);
  }
}

function checkLength(what: string, text: string): void {
  if (text.length <= MAX_ID_CHARACTERS) return;
  const fault = `the ${what} of an extension must have at most ${MAX_ID_CHARACTERS} characters, got ${text.length}`;
  throw new StatusError(400, 'illegal_argument_exception', fault);
}
