import { ConnectionLostError } from '../../protocol/error/transport-error.ts';
import { PING } from '../../protocol/frame/native/fixed-header.ts';
import type { Channel } from './channel.ts';

/** Longest time between two looks at the channels, in milliseconds. */
const MAX_LOOK_MS = 500;

/** Pings that a peer leaves unanswered before its channel is ended, at the least. */
const MIN_UNANSWERED = 2;

/** Intervals that a peer has for the answer to a ping before its channel is ended. */
const PATIENCE_INTERVALS = 2;

/**
 * Longest time that a peer has for the answer to a ping before its channel is ended, in milliseconds. A node that collects garbage may be silent for
 * many seconds; the calls that wait for it are given up after as long by default.
 */
const MAX_PATIENCE_MS = 30_000;

/**
 * Rate at which a peer must take bytes that wait in front of a ping, in bytes per millisecond (125 KiB per second). How far a single large write has come
 * cannot be seen, so waiting bytes that do not shrink are given this much time.
 */
const MIN_BYTES_PER_MS = 128;

/** What a look saw of a channel. */
interface Sighting {
  /** Messages, pings and bytes received when the peer was last heard. */
  receivedCount: number;
  receivedBytes: number;
  writtenCount: number;
  bufferedBytes: number;
  /** Looks in a row in which the bytes that wait to be written did not become fewer. */
  stuckLooks: number;
  /** Looks in a row without a message in either direction. */
  idleLooks: number;
  /** The peer owes an answer: to a call, or to something that was written since it was last heard. */
  isAwaited: boolean;
  unansweredPings: number;
  /** Looks since the first ping that is unanswered. */
  waitedLooks: number;
}

/**
 * Pings the channels of one connecting end whose peer owes an answer and has been silent since the last look, and, if asked to, those that are idle, as
 * nodes do. A peer that does not answer is suspected at the next look, and its channel is ended when its patience is over: a peer that is gone without a
 * word would otherwise get its share of the calls. A channel that neither waits for an answer nor is idle for long costs nothing on the wire.
 *
 * @see wire-format.md §9.3
 */
export class KeepAlive {
  readonly #channels = new Set<Channel>();
  /** One for each channel that waits for an answer, and for each if idle ones are pinged, too. */
  readonly #sightings = new Map<Channel, Sighting>();
  readonly #suspects = new Set<Channel>();
  readonly #lookMs: number;
  readonly #patienceMs: number;
  /** Looks after which an idle channel is pinged. */
  readonly #idleLooks: number;
  readonly #onSuspect: (channel: Channel, isSuspected: boolean) => void;
  #timer: NodeJS.Timeout | null = null;

  /**
   * @param idleMs milliseconds after which an idle channel is pinged; 0 for no pings while it is idle
   * @param onSuspect called when a channel is suspected, and when its peer is heard again
   */
  constructor(idleMs: number, onSuspect: (channel: Channel, isSuspected: boolean) => void) {
    this.#idleLooks = idleMs > 0 ? Math.ceil(idleMs / MAX_LOOK_MS) : Number.POSITIVE_INFINITY;
    this.#lookMs = idleMs > 0 ? idleMs / this.#idleLooks : MAX_LOOK_MS;
    this.#patienceMs = idleMs > 0 ? Math.min(idleMs * PATIENCE_INTERVALS, MAX_PATIENCE_MS) : MAX_PATIENCE_MS;
    this.#onSuspect = onSuspect;
  }

  add(channel: Channel): void {
    this.#channels.add(channel);
    if (this.#pingsIdle) this.#sightings.set(channel, firstSighting(channel));
    this.#timer ??= setInterval(this.#onTimer, this.#lookMs).unref();
  }

  remove(channel: Channel): void {
    this.#channels.delete(channel);
    this.#sightings.delete(channel);
    this.#suspects.delete(channel);
    if (this.#channels.size === 0) this.stop();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#channels.clear();
    this.#sightings.clear();
    this.#suspects.clear();
  }

  /** A process that stood still has not read yet what came meanwhile: it does so before the immediate runs. */
  readonly #onTimer = (): void => {
    setImmediate(this.#lookAtAll);
  };

  readonly #lookAtAll = (): void => {
    for (const channel of this.#channels) {
      const sighting = this.#sightings.get(channel);
      if (sighting !== undefined) this.#look(channel, sighting);
      else if (channel.inFlightCount > 0) this.#sightings.set(channel, firstSighting(channel));
    }
  };

  #look(channel: Channel, sighting: Sighting): void {
    const wrote = channel.writtenCount !== sighting.writtenCount;
    const heard = isHeard(channel, sighting);
    const answers = channel.receivedCount - sighting.receivedCount;
    const isTalk = wrote || (heard && !(answers > 0 && answers <= sighting.unansweredPings));
    sighting.idleLooks = isTalk ? 0 : sighting.idleLooks + 1;
    this.#note(channel, sighting);
    const wasAwaited = sighting.isAwaited;
    sighting.isAwaited = channel.inFlightCount > 0 || (!heard && (wasAwaited || wrote));
    if (heard || !channel.isReading || channel.mayDelayPongs) this.#trust(channel, sighting);
    else if (sighting.unansweredPings > 0) this.#doubt(channel, sighting);
    const isOwed = !heard && wasAwaited && channel.isReading;
    if (this.#sightings.get(channel) === sighting && (isOwed || sighting.idleLooks >= this.#idleLooks)) ping(channel, sighting);
    if (!this.#pingsIdle && !sighting.isAwaited) this.#sightings.delete(channel);
  }

  get #pingsIdle(): boolean {
    return this.#idleLooks < Number.POSITIVE_INFINITY;
  }

  #note(channel: Channel, sighting: Sighting): void {
    const { bufferedBytes } = channel;
    sighting.stuckLooks = bufferedBytes < sighting.bufferedBytes ? 0 : sighting.stuckLooks + 1;
    sighting.bufferedBytes = bufferedBytes;
    sighting.writtenCount = channel.writtenCount;
  }

  /** The peer was heard, or has a reason for its silence. */
  #trust(channel: Channel, sighting: Sighting): void {
    sighting.receivedCount = channel.receivedCount;
    sighting.receivedBytes = channel.receivedBytes;
    sighting.unansweredPings = 0;
    sighting.waitedLooks = 0;
    if (this.#suspects.delete(channel)) this.#onSuspect(channel, false);
  }

  /** A ping is unanswered. */
  #doubt(channel: Channel, sighting: Sighting): void {
    sighting.waitedLooks++;
    if (!this.#hadTime(sighting)) return;
    const waitedMs = sighting.waitedLooks * this.#lookMs;
    if (sighting.unansweredPings >= MIN_UNANSWERED && waitedMs >= this.#patienceMs) {
      const text = `${channel.label} does not answer: ${sighting.unansweredPings} pings, nothing received for [${Math.round(waitedMs)}ms]`;
      this.remove(channel);
      channel.abort(new ConnectionLostError('ERR_CONNECTION_LOST', {}, text));
    } else if (!this.#suspects.has(channel)) {
      this.#suspects.add(channel);
      this.#onSuspect(channel, true);
    }
  }

  /** Returns whether the peer had enough time for the bytes that wait in front of the pings. */
  #hadTime({ bufferedBytes, stuckLooks }: Sighting): boolean {
    return bufferedBytes === 0 || stuckLooks * this.#lookMs > bufferedBytes / MIN_BYTES_PER_MS;
  }
}

function firstSighting({ receivedCount, receivedBytes, writtenCount, bufferedBytes, inFlightCount }: Channel): Sighting {
  return {
    receivedCount,
    receivedBytes,
    writtenCount,
    bufferedBytes,
    stuckLooks: 0,
    idleLooks: 0,
    isAwaited: inFlightCount > 0,
    unansweredPings: 0,
    waitedLooks: 0,
  };
}

/**
 * Returns whether something has come that shows that the peer is alive. In the middle of a message, as many bytes as the answers to our pings have may
 * be these answers: a peer that stopped there goes on answering pings.
 */
function isHeard({ receivedCount, receivedBytes }: Channel, sighting: Sighting): boolean {
  return receivedCount !== sighting.receivedCount || receivedBytes - sighting.receivedBytes > sighting.unansweredPings * PING.length;
}

function ping(channel: Channel, sighting: Sighting): void {
  channel.ping();
  sighting.unansweredPings++;
  sighting.writtenCount = channel.writtenCount;
  sighting.isAwaited = true;
  sighting.idleLooks = 0;
}
