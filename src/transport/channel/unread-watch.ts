import { ConnectionLostError } from '../../protocol/error/transport-error.ts';
import { MIN_PROGRESS_BYTES, roundMsOf } from '../util/progress.ts';

/** Time for 1 KiB while the channels together have little room left, in milliseconds, and time between two looks meanwhile. */
const PRESSED_MS = 2_000;
const PRESSED_LOOK_MS = 250;

/** Upper bound for a channel on which next to nothing waits, as a multiple of the room of all: its peer has read, and is not the one that keeps others. */
const READ_FACTOR = 2;

/** Looks after which room has been short for more than a moment: then the factor counts no more. */
const PRESSED_LOOKS = 1;

/** Bytes that wait on a channel whose peer has read all the same: small messages that leave together. */
const READ_BYTES = 64 * 1024;

/** A single answer may be larger than the room of all: this share of the bound counts at most, so that it may wait while the rest is free. */
const MOST_OF_ONE = 1 / 3;

/** Share of the room of all channels above which those that do not read have to make way. */
const PRESSED_SHARE = 1 / 2;

/** Part of the room of all channels that is shared evenly beyond the bound, so that a channel with little gets its answers all the same. */
const SHARED_BEYOND = 1 / 8;

/** Time for which a count of all channels is good, in milliseconds, and the time once it says that room is short. */
const COUNT_MS = 10;
const RECOUNT_MS = 1;

/** A channel with bytes that may have to wait for its peer. */
export interface UnreadChannel {
  /** `[host:port]` of the peer, for messages. */
  readonly label: string;
  /** False once everything was taken. */
  readonly isStuck: boolean;
  /** Bytes that wait for the medium alone; 0 while the channel waits for the next chunk of a stream of its own. */
  readonly unsentBytes: number;
  /** Bytes that wait to be written, all of them. */
  readonly bufferedBytes: number;
  /** Bytes that the medium has taken so far. */
  readonly takenBytes: number;
  /** True while a live peer may have a reason not to read; see {@link ChannelLife.mayDelayReads}. */
  readonly mayDelayReads: boolean;
  abort(error: ConnectionLostError): void;
}

/** Bytes taken when the last progress was seen, and for how long there has been none since. */
interface Sighting {
  takenBytes: number;
  stalledMs: number;
  /** The part of it while room was short. */
  pressedMs: number;
}

/**
 * Ends channels whose peer does not read what is written to it. It looks only at channels that have something to wait for, now and then, so that a
 * channel whose peer reads costs nothing.
 *
 * The system takes bytes for a peer that does not read until its own buffers are full, and tells of progress in steps of up to a third of its send
 * buffer (1 MiB and more for a peer that was fast before). A peer that reads 32 KiB per second is safe with the default timeout of a minute.
 * A peer that has a reason not to read, such as the slow reader of a stream, is left alone.
 *
 * It also bounds what waits on all channels together. When that bound is near, channels that take nothing for two seconds end. A channel on which nothing
 * waits may go beyond the bound for a quarter of a second, up to twice of it: of answers that are written in one turn, no peer could read any in between.
 */
export class UnreadWatch {
  readonly #timeoutMs: number;
  readonly #roundMs: number;
  readonly #sightings = new Map<UnreadChannel, Sighting>();
  readonly #maxBytes: number;
  #timer: NodeJS.Timeout | null = null;
  #pressedTimer: NodeJS.Timeout | null = null;
  /** Bytes that wait on all channels, how many channels these are, and when they were counted. */
  #bytes = 0;
  #channels = 0;
  /** Looks since room became short. */
  #pressedLooks = 0;
  #countedAt = Number.NEGATIVE_INFINITY;

  /**
   * @param timeoutMs time for 1 KiB of what waits to be taken, in milliseconds; Infinity for no limit
   * @param maxBytes room of all: upper bound of the bytes that wait on all channels; twice that for channels on which nothing waits
   */
  constructor(timeoutMs: number, maxBytes = Number.POSITIVE_INFINITY) {
    this.#timeoutMs = timeoutMs;
    this.#roundMs = roundMsOf(timeoutMs);
    this.#maxBytes = maxBytes;
  }

  /** Watches a channel until everything it writes is taken. */
  add(channel: UnreadChannel): void {
    if (this.#sightings.has(channel)) return;
    this.#sightings.set(channel, { takenBytes: channel.takenBytes, stalledMs: 0, pressedMs: 0 });
    this.#timer ??= setInterval(this.#round, this.#roundMs).unref();
  }

  remove(channel: UnreadChannel): void {
    if (!this.#sightings.delete(channel) || this.#sightings.size > 0) return;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#relax();
  }

  /**
   * Returns whether an answer may wait: there is room for it on all channels together, or its channel has less than its share of the room. The others
   * make way soon.
   */
  hasRoom(channel: UnreadChannel, bytes: number): boolean {
    if (this.#sightings.size === 0 || this.#maxBytes === Number.POSITIVE_INFINITY) return true;
    const age = performance.now() - this.#countedAt;
    // What was added since is an upper bound: sockets take the most of it at once.
    if (age > COUNT_MS || (age > RECOUNT_MS && this.#exceeds(this.#maxBytes, bytes))) this.#count();
    if (this.#exceeds(this.#maxBytes, bytes)) {
      this.#pressedTimer ??= setInterval(this.#press, PRESSED_LOOK_MS).unref();
      const share = (this.#maxBytes * SHARED_BEYOND) / Math.max(this.#channels, 1);
      if (this.#exceeds(this.#boundOf(channel), bytes) && channel.bufferedBytes + bytes > share) return false;
    }
    this.#bytes += bytes;
    return true;
  }

  /** Returns why there is no room for an answer, for its error. @param bytes of the answer; 0 if it was not encoded */
  shortage(channel: UnreadChannel, bytes: number): string {
    const bound = this.#boundOf(channel);
    const waiting = `${channel.bufferedBytes} bytes wait to be written on this connection and ${this.#bytes} on all`;
    const answer = bytes === 0 ? '' : `, the answer takes ${bytes} more`;
    const reason = bound > this.#maxBytes ? '' : ', once room is short for a moment or some wait on this one';
    return `${waiting}${answer}, and at most ${bound} may wait on all${reason}`;
  }

  #boundOf(channel: UnreadChannel): number {
    return channel.bufferedBytes > READ_BYTES || this.#pressedLooks >= PRESSED_LOOKS ? this.#maxBytes : READ_FACTOR * this.#maxBytes;
  }

  #exceeds(bound: number, bytes: number): boolean {
    return this.#bytes + Math.min(bytes, bound * MOST_OF_ONE) > bound;
  }

  #count(): void {
    this.#bytes = 0;
    this.#channels = 0;
    this.#countedAt = performance.now();
    for (const { bufferedBytes } of this.#sightings.keys()) {
      this.#bytes += bufferedBytes;
      if (bufferedBytes > 0) this.#channels++;
    }
  }

  /** Room is short: looks at the channels more often, and ends those that take nothing, the longest first, until half of the room is free. */
  readonly #press = (): void => {
    this.#count();
    this.#pressedLooks++;
    const enough = this.#maxBytes * PRESSED_SHARE;
    for (const [channel, sighting] of this.#sightings) {
      if (!this.#hasProgress(channel, sighting)) sighting.pressedMs += PRESSED_LOOK_MS;
    }
    const stalled = [...this.#sightings].filter(([, { pressedMs }]) => pressedMs > PRESSED_MS);
    for (const [channel] of stalled.sort(([, a], [, b]) => b.pressedMs - a.pressedMs)) {
      if (this.#bytes <= enough) break;
      this.#bytes -= channel.bufferedBytes;
      channel.abort(makesWay(channel, this.#maxBytes));
    }
    if (this.#bytes <= enough) this.#relax();
  };

  #relax(): void {
    if (this.#pressedTimer !== null) clearInterval(this.#pressedTimer);
    this.#pressedTimer = null;
    this.#pressedLooks = 0;
    for (const sighting of this.#sightings.values()) sighting.pressedMs = 0;
  }

  readonly #round = (): void => {
    for (const [channel, sighting] of this.#sightings) {
      if (!channel.isStuck) this.remove(channel);
      else this.#look(channel, sighting);
    }
  };

  #look(channel: UnreadChannel, sighting: Sighting): void {
    if (this.#hasProgress(channel, sighting)) return;
    if (channel.mayDelayReads) {
      sighting.stalledMs = 0;
      return;
    }
    sighting.stalledMs += this.#roundMs;
    // The wait began up to one round before it was first seen, so only a longer one is surely above the timeout.
    if (sighting.stalledMs > this.#timeoutMs) channel.abort(doesNotRead(channel, this.#timeoutMs));
  }

  /** Returns whether 1 KiB was taken since the last progress; if so, notes it. */
  #hasProgress(channel: UnreadChannel, sighting: Sighting): boolean {
    const { takenBytes } = channel;
    // A TLS socket may have told of more than had left.
    if (takenBytes < sighting.takenBytes) sighting.takenBytes = takenBytes;
    if (channel.unsentBytes > 0 && takenBytes - sighting.takenBytes < MIN_PROGRESS_BYTES) return false;
    sighting.takenBytes = takenBytes;
    sighting.stalledMs = 0;
    sighting.pressedMs = 0;
    return true;
  }
}

function makesWay({ label, bufferedBytes }: UnreadChannel, maxBytes: number): ConnectionLostError {
  const text = `${label} does not read: ${bufferedBytes} bytes wait to be written, none were taken within [${PRESSED_MS}ms], and the ${maxBytes} bytes that may wait on all connections are used up (maxBufferedBytes)`;
  return new ConnectionLostError('ERR_CONNECTION_LOST', {}, text);
}

function doesNotRead({ label, bufferedBytes }: UnreadChannel, timeoutMs: number): ConnectionLostError {
  const text = `${label} does not read: ${bufferedBytes} bytes wait to be written, and less than ${MIN_PROGRESS_BYTES} of them were taken within [${timeoutMs}ms] (stallTimeoutMs)`;
  return new ConnectionLostError('ERR_CONNECTION_LOST', {}, text);
}
