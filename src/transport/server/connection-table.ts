import { OverloadedError, type TransportError } from '../../protocol/error/transport-error.ts';
import { formatEndpoint } from '../carrier/endpoint.ts';
import type { Endpoint } from '../carrier/link.ts';
import { NODE_CHANNELS } from '../channel/node-channels.ts';

/** Silent connections that one handshake excuses: the others of its node. */
const MAX_SIBLINGS = NODE_CHANNELS - 1;

/** Time after a handshake in which the connections that its host opens are those of the same node, in milliseconds: the system hands them over one by one. */
const OPENING_MS = 1000;

/** Idle connections that are remembered when all of a host were looked at: the next ones that make way. */
const MAX_IDLE = 64;

/** Bytes of an unfinished message that show that a connection is in use. */
const MIN_PROGRESS_BYTES = 1024;

/** A message arrives as long as so many bytes of its connection came within so many milliseconds: slower ones do not keep a place. */
const ARRIVING_BYTES = 64 * 1024;
const ARRIVING_MS = 5000;

const NO_PLACES: readonly Place[] = [];

/** What takes a place: a channel, or a connection whose TLS handshake goes on. */
export interface Occupant {
  readonly remote: Endpoint;
  /** Messages and pings received so far. */
  readonly receivedCount: number;
  /** Pings among them. */
  readonly pingCount: number;
  readonly receivedBytes: number;
  /** True while something is under way that does not wait for the rest of a message of the peer. */
  readonly isWorking: boolean;
  /** True in the middle of a message whose rest is the peer's to send. */
  readonly awaitsRest: boolean;
  /** Bytes that wait to be written. */
  readonly bufferedBytes: number;
  abort(error: TransportError): void;
}

/** Upper bounds on open connections. */
export interface ConnectionLimits {
  readonly maxConnections: number;
  readonly maxConnectionsPerHost: number;
}

/** The connections of one host. */
interface Host {
  readonly places: Set<Place>;
  /** Those that have sent no message and surely belong to no node, the oldest first. Some may have sent one since they were last looked at. */
  readonly silent: Set<Place>;
  /** Those that had been idle for longest when all were looked at last, the longest at the end. */
  readonly idle: Place[];
  /** The last one that has shaken hands. */
  leader: Place | null;
  /** Silent connections that handshakes of this host may still excuse. */
  freeSiblings: number;
}

/** The place of one connection, and what is known of it. For the table. */
export class Place {
  readonly occupant: Occupant;
  readonly host: Host;
  /** Counts the connections in the order in which the system handed them over. */
  readonly number: number;
  /** Time of its handshake, in milliseconds of `performance.now`; -1 without one. */
  shookHandsAt = -1;
  /** The connection of the same node that has shaken hands; null for that one itself, and while there is none. */
  leader: Place | null = null;
  /** The connections it leads. */
  siblings: readonly Place[] = NO_PLACES;
  /** Time of the last look that found it in use, in milliseconds of `performance.now`. */
  usedAt = Math.round(performance.now());
  /** True while it is among the idle ones of its host, and neither it nor a connection that it leads was used since. */
  isUnused = false;
  /** Messages and bytes received when it was last looked at. */
  #seenMessages = 0;
  #seenBytes = 0;
  /** Bytes received at the last look that found {@link ARRIVING_BYTES} more, and its time. */
  #arrivedBytes = 0;
  #arrivedAt = Number.NEGATIVE_INFINITY;

  constructor(occupant: Occupant, host: Host, number: number) {
    this.occupant = occupant;
    this.host = host;
    this.number = number;
  }

  /** True while it may lead one more connection. */
  get hasRoom(): boolean {
    return this.shookHandsAt >= 0 && this.siblings.length < MAX_SIBLINGS;
  }

  /** Messages received; pings say nothing about who sends them. */
  get messageCount(): number {
    return this.occupant.receivedCount - this.occupant.pingCount;
  }

  get isSilent(): boolean {
    return this.messageCount === 0;
  }

  /** Returns whether something is under way. A message that does not go on arriving is not. */
  isBusy(now: number): boolean {
    const { isWorking, bufferedBytes, awaitsRest } = this.occupant;
    return isWorking || bufferedBytes > 0 || (awaitsRest && now - this.#arrivedAt < ARRIVING_MS);
  }

  /** Notes whether it was in use since the last look. */
  look(now: number): void {
    const { messageCount } = this;
    const { receivedBytes } = this.occupant;
    if (receivedBytes - this.#arrivedBytes >= ARRIVING_BYTES) {
      this.#arrivedBytes = receivedBytes;
      this.#arrivedAt = now;
    }
    const isUnchanged = messageCount === this.#seenMessages && receivedBytes - this.#seenBytes < MIN_PROGRESS_BYTES;
    if (isUnchanged && !this.isBusy(now)) return;
    this.#seenMessages = messageCount;
    this.#seenBytes = receivedBytes;
    this.usedAt = now;
    (this.leader ?? this).isUnused = false;
  }
}

/**
 * The open connections of a server by host: it decides who may connect, and who makes way.
 *
 * A node opens thirteen connections and shakes hands on the first, so a handshake excuses twelve silent connections of its host. Those that were opened
 * after it, until shortly after the handshake, surely belong to the node. Other silent ones are of no use to anyone: when all places are taken, the
 * oldest of them makes way, and behind them the one that has been idle for longest, of the host that has most. Those opened a moment ago come last.
 *
 * @see wire-format.md §9.1
 */
export class ConnectionTable {
  readonly #limits: ConnectionLimits;
  readonly #hosts = new Map<string, Host>();
  #size = 0;
  #lastNumber = 0;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  /** Connections that have a place, those with a TLS handshake under way included. */
  get size(): number {
    return this.#size;
  }

  /** Makes sure that there is room for one more connection of a host, if necessary by ending another. Returns why there is none, or null. */
  makeRoom(hostName: string): OverloadedError | null {
    const { maxConnections, maxConnectionsPerHost } = this.#limits;
    const host = this.#hosts.get(hostName);
    if (host !== undefined && host.places.size >= maxConnectionsPerHost) {
      const taken = `the server has ${host.places.size} connections of ${hostName} open (maxConnectionsPerHost)`;
      if (!endOne(oldestSilent(host) ?? longestIdle(host), taken)) return overloaded(taken);
    }
    if (this.#size >= maxConnections) {
      const taken = `the server has ${this.#size} connections open (maxConnections)`;
      if (!endOne(this.#leastMissed(), taken)) return overloaded(taken);
    }
    return null;
  }

  /**
   * Returns the connection whose end does least harm; null if all are in use. A silent one that was opened a moment ago may be about to speak: it makes
   * way only behind what the largest host can spare, so that a flood of one host does not end the connections that others are opening.
   */
  #leastMissed(): Place | null {
    const openedBefore = Math.round(performance.now()) - OPENING_MS;
    const largest = largestOf(this.#hosts.values(), () => true);
    return (
      this.#oldestSilent(openedBefore) ??
      (largest === null ? null : (oldestSilent(largest) ?? longestIdle(largest))) ??
      this.#oldestSilent(Number.POSITIVE_INFINITY)
    );
  }

  /** Returns the oldest silent connection that was opened before a time, of the host that has most connections among those with such a one. */
  #oldestSilent(openedBefore: number): Place | null {
    const host = largestOf(this.#hosts.values(), (each) => (oldestSilent(each)?.usedAt ?? Number.POSITIVE_INFINITY) < openedBefore);
    return host === null ? null : oldestSilent(host);
  }

  /**
   * Gives a connection a place. Ask {@link makeRoom} before.
   *
   * @param number that of the place it had during its TLS handshake: handshakes do not end in the order in which they begin
   */
  add(occupant: Occupant, number: number = ++this.#lastNumber): Place {
    const name = occupant.remote.host;
    let host = this.#hosts.get(name);
    if (host === undefined) {
      host = { places: new Set(), silent: new Set(), idle: [], leader: null, freeSiblings: 0 };
      this.#hosts.set(name, host);
    }
    const place = new Place(occupant, host, number);
    host.places.add(place);
    host.silent.add(place);
    this.#size++;
    const { leader } = host;
    if (leader?.hasRoom && number > leader.number && performance.now() - leader.shookHandsAt < OPENING_MS) leadSurely(leader, place);
    return place;
  }

  /** Takes the place back: the connection is over. Idempotent. */
  remove(place: Place): void {
    const { host } = place;
    if (!host.places.delete(place)) return;
    this.#size--;
    host.silent.delete(place);
    const idleAt = host.idle.indexOf(place);
    if (idleAt >= 0) host.idle.splice(idleAt, 1);
    leave(place);
    for (const sibling of place.siblings) {
      sibling.leader = null;
      if (sibling.isSilent) host.silent.add(sibling);
    }
    if (place.shookHandsAt >= 0) host.freeSiblings -= MAX_SIBLINGS - place.siblings.length;
    if (host.leader === place) host.leader = null;
    place.siblings = NO_PLACES;
    if (host.places.size === 0) this.#hosts.delete(place.occupant.remote.host);
  }

  /** The peer shook hands on this connection: the silent ones that its host has opened since are those of the same node. */
  onHandshake(place: Place): void {
    const { host } = place;
    if (place.shookHandsAt >= 0 || !host.places.has(place)) return;
    leave(place);
    host.silent.delete(place);
    host.leader = place;
    host.freeSiblings += MAX_SIBLINGS;
    place.shookHandsAt = Math.round(performance.now());
    for (const sibling of host.silent) {
      if (!place.hasRoom) return;
      if (sibling.number > place.number && sibling.isSilent) leadSurely(place, sibling);
    }
  }

  /** Looks at a connection, which has to happen now and then, and returns whether it has sent a message or may stay silent: it belongs to a node. */
  look(place: Place): boolean {
    place.look(Math.round(performance.now()));
    if (place.isSilent) return this.#isExcused(place);
    place.host.silent.delete(place);
    return true;
  }

  #isExcused(place: Place): boolean {
    const { host } = place;
    if (place.leader !== null) return true;
    if (host.freeSiblings === 0 || !host.places.has(place)) return false;
    for (const leader of host.places) {
      if (!leader.hasRoom) continue;
      lead(leader, place);
      return true;
    }
    return false;
  }
}

/** It does not make way while it is silent. */
function leadSurely(leader: Place, sibling: Place): void {
  leave(sibling);
  lead(leader, sibling);
  leader.host.silent.delete(sibling);
}

function lead(leader: Place, sibling: Place): void {
  sibling.leader = leader;
  leader.siblings = [...leader.siblings, sibling];
  leader.host.freeSiblings--;
}

function leave(sibling: Place): void {
  const { leader } = sibling;
  if (leader === null) return;
  sibling.leader = null;
  leader.siblings = leader.siblings.filter((other) => other !== sibling);
  leader.host.freeSiblings++;
}

function largestOf(hosts: Iterable<Host>, isWanted: (host: Host) => boolean): Host | null {
  let largest: Host | null = null;
  for (const host of hosts) if (isWanted(host) && (largest === null || host.places.size > largest.places.size)) largest = host;
  return largest;
}

/** Returns the silent connection that was opened first; null if there is none. */
function oldestSilent({ silent }: Host): Place | null {
  for (const place of silent) {
    if (place.isSilent) return place;
    silent.delete(place);
  }
  return null;
}

/**
 * Returns the connection that has been idle for longest; of several, the one that has sent fewest messages. Null if something is under way on all of
 * them, or if the host has no more than one node has. The connections of a node are idle only if all of them are.
 */
function longestIdle({ places, idle }: Host): Place | null {
  if (places.size <= NODE_CHANNELS) return null;
  const now = Math.round(performance.now());
  // Nothing that is used later becomes idle for longer than one that was not used meanwhile.
  for (let place = idle.pop(); place !== undefined; place = idle.pop()) if (isStillIdle(place, now)) return place;
  for (const place of places) place.look(now);
  const found = [...places].filter((place) => place.leader === null && !isNodeBusy(place, now)).sort(byIdleTime);
  for (const place of found.slice(-MAX_IDLE)) {
    place.isUnused = true;
    idle.push(place);
  }
  return idle.pop() ?? null;
}

function byIdleTime(one: Place, other: Place): number {
  return nodeUsedAt(other) - nodeUsedAt(one) || other.messageCount - one.messageCount || other.number - one.number;
}

function isStillIdle(leader: Place, now: number): boolean {
  leader.look(now);
  for (const sibling of leader.siblings) sibling.look(now);
  return leader.isUnused && leader.leader === null && !isNodeBusy(leader, now);
}

function isNodeBusy(leader: Place, now: number): boolean {
  return leader.isBusy(now) || leader.siblings.some((sibling) => sibling.isBusy(now));
}

function nodeUsedAt(leader: Place): number {
  let { usedAt } = leader;
  for (const sibling of leader.siblings) if (sibling.usedAt > usedAt) usedAt = sibling.usedAt;
  return usedAt;
}

function endOne(place: Place | null, taken: string): boolean {
  if (place === null) return false;
  const { occupant } = place;
  const text = `[${formatEndpoint(occupant.remote)}] ${stateOf(place)} and makes way for another connection: ${taken}`;
  occupant.abort(overloaded(text, 'channel'));
  return true;
}

function stateOf({ isSilent, occupant }: Place): string {
  if (isSilent) return 'never sent a message';
  return occupant.awaitsRest ? 'has stopped in the middle of a message' : 'is idle';
}

function overloaded(text: string, scope: 'call' | 'channel' = 'call'): OverloadedError {
  return new OverloadedError('ERR_OVERLOADED', { scope }, text);
}
