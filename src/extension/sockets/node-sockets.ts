import { setTimeout as sleep } from 'node:timers/promises';
import type { PeerChannel } from '../../transport/call/peer-channel.ts';
import type { Endpoint } from '../../transport/carrier/link.ts';
import { firstResponsive } from './first-responsive.ts';
import { NodeSocket, type ProbedChannel } from './node-socket.ts';

/** Upper bound on the connections that are asked for their node when it initialises the extension: a node opens 13. */
const MAX_CANDIDATES = 64;

/** Milliseconds that the registration waits for the connections to say whose they are. */
const LEARN_MS = 250;

/** Upper bound on the connections of one node that are used. */
const MAX_SOCKETS = 32;

/** A connection as the server has it. */
export interface OpenChannel extends ProbedChannel {
  readonly remote: Endpoint;
}

/** The call whose answer is to leave on a connection that the node reads. */
export interface AnsweredCall {
  readonly channel: PeerChannel;
  answerer: object | null;
}

/** The connections of one node, in the order in which they were accepted. */
type Group = readonly NodeSocket[];

/**
 * The connections that each node opened, for answers that may leave on any of them. They are grouped by what the peer of each says in the transport
 * handshake: the id of the node, and that of its process. Connections of different nodes behind one address are told apart by it.
 *
 * A peer may claim to be another node. Without TLS, so it may with everything else; the option that uses this class says so.
 */
export class NodeSockets {
  readonly #channels: () => Iterable<OpenChannel>;
  /** By the signal of each connection. What is left of a group when its connections have ended is collected with their signals. */
  readonly #groups = new WeakMap<AbortSignal, Group>();

  /** @param channels returns the open connections, in the order in which they were accepted */
  constructor(channels: () => Iterable<OpenChannel>) {
    this.#channels = channels;
  }

  /**
   * Learns which connections the node opened that initialised the extension by one of them. Those from its address are asked, all at once. Resolves when
   * each has said whose it is, at the latest after 250 ms: the others join when they do. Never rejects.
   */
  async learn(node: Pick<PeerChannel, 'remote' | 'ended'>): Promise<void> {
    await Promise.race([this.#group(node), sleep(LEARN_MS, undefined, { ref: false })]);
  }

  async #group(node: Pick<PeerChannel, 'remote' | 'ended'>): Promise<void> {
    const candidates = this.#candidatesOf(node).map((channel) => new NodeSocket(channel));
    const names = candidates.map((socket) => socket.identify());
    const own = await names[candidates.findIndex(({ channel }) => channel.ended === node.ended)];
    if (own === null || own === undefined) return;
    const group: NodeSocket[] = [];
    const joining = candidates.map(async (socket, place) => {
      if ((await names[place]) !== own || group.length >= MAX_SOCKETS) return;
      insert(group, socket, candidates);
      this.#groups.set(socket.channel.ended, group);
    });
    await Promise.all(joining);
  }

  /** Returns the connections from the address of a node that were accepted last. */
  #candidatesOf({ remote, ended }: Pick<PeerChannel, 'remote' | 'ended'>): OpenChannel[] {
    const near: OpenChannel[] = [];
    for (const channel of this.#channels()) if (channel.remote.host === remote.host) near.push(channel);
    const own = near.findIndex((channel) => channel.ended === ended);
    const first = Math.max(0, own - MAX_CANDIDATES / 2);
    return near.slice(first, first + MAX_CANDIDATES);
  }

  /**
   * Lets the answer to a request leave on the first connection of the same node that is responsive. Resolves when it is known; never rejects. The answer
   * stays on the connection of its request if the others of its node are unknown, or none is responsive.
   */
  async route(context: AnsweredCall): Promise<void> {
    const { ended } = context.channel;
    const group = this.#groups.get(ended);
    if (group === undefined) return;
    const own = group.findIndex(({ channel }) => channel.ended === ended);
    const socket = await firstResponsive(group, Math.max(own, 0));
    if (socket !== null) context.answerer = socket.channel.answerer;
  }
}

/** Puts a socket into its place in the order of acceptance. */
function insert(group: NodeSocket[], socket: NodeSocket, order: readonly NodeSocket[]): void {
  const at = group.findIndex((other) => order.indexOf(other) > order.indexOf(socket));
  group.splice(at === -1 ? group.length : at, 0, socket);
}
