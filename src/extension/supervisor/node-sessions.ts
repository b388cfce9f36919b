import type { PeerChannel } from '../../transport/call/peer-channel.ts';
import { ownerOf } from '../rest/request-path.ts';
import type { NodeSession } from './node-session.ts';

/** Upper bound on nodes; any peer can claim to be one. */
const MAX_SESSIONS = 256;

/**
 * The nodes that have initialised the supervisor, for as long as their connections are open. A node sends its requests on any of its thirteen sockets, and
 * nothing on the wire groups them.
 */
export class NodeSessions {
  readonly #sessions = new Set<NodeSession>();

  get isFull(): boolean {
    return this.#sessions.size >= MAX_SESSIONS;
  }

  /** Every session, the oldest first. */
  get all(): readonly NodeSession[] {
    return [...this.#sessions];
  }

  add(session: NodeSession): void {
    this.#sessions.add(session);
  }

  /** Returns the session that this channel has begun under this unique id. */
  begunBy({ ended }: PeerChannel, uniqueId: string): NodeSession | undefined {
    return Array.from(this.#sessions).find(({ channel, node }) => channel.ended === ended && node.uniqueId === uniqueId);
  }

  /** Removes the sessions of a channel and returns them. */
  removeOf(ended: AbortSignal): readonly NodeSession[] {
    const gone = Array.from(this.#sessions).filter(({ channel }) => channel.ended === ended);
    for (const session of gone) this.#sessions.delete(session);
    return gone;
  }

  /** Returns the node that sent a REST request: the unique id in its URI tells, and of several nodes with this id the channel. */
  ofUri(uri: string, channel: PeerChannel): NodeSession | undefined {
    const owner = ownerOf(uri, this.#ids());
    const known = Array.from(this.#sessions).filter(({ node }) => node.uniqueId === owner);
    return nearest(known, channel) ?? this.ofChannel(channel);
  }

  /** Returns the node that most likely opened a channel: the one that began with it, else the newest of its host. */
  ofChannel(channel: PeerChannel): NodeSession | undefined {
    return nearest(Array.from(this.#sessions), channel);
  }

  *#ids(): Iterable<string> {
    for (const { node } of this.#sessions) yield node.uniqueId;
  }
}

function nearest(sessions: readonly NodeSession[], channel: PeerChannel): NodeSession | undefined {
  return (
    sessions.find((session) => session.channel.ended === channel.ended) ??
    sessions.findLast((session) => session.channel.remote.host === channel.remote.host) ??
    sessions.at(-1)
  );
}
