import { ConnectionLostError, DeadlineError } from '../../protocol/error/transport-error.ts';
import type { Channel } from '../channel/channel.ts';
import { MIN_PROGRESS_BYTES, roundMsOf } from '../util/progress.ts';

/** Timeouts for silent peers, in milliseconds; Infinity for none. */
export interface StallTimes {
  /** Time for the first message of a connection. */
  readonly handshakeTimeoutMs: number;
  /** Time for the rest of a message, or for 1 KiB of it. */
  readonly stallTimeoutMs: number;
}

/** Progress of a channel at a round, and for how long there has been none. */
interface Sighting {
  messages: number;
  bytes: number;
  stalledMs: number;
  silentMs: number;
}

/**
 * Closes accepted channels whose peer never sends a message, unless they may stay silent, or stops in the middle of one. A channel that is quiet between
 * messages is left alone, as is one that we do not read. It looks at all of them now and then, so that a message costs nothing.
 */
export class StallWatch {
  readonly #times: StallTimes;
  readonly #mayWait: (channel: Channel) => boolean;
  readonly #roundMs: number;
  readonly #channels: ReadonlySet<Channel>;
  /** One for each channel that was silent, or in the middle of a message, at the last round. */
  readonly #sightings = new Map<Channel, Sighting>();
  #timer: NodeJS.Timeout | null = null;

  /**
   * @param channels those that are looked at. The owner of the set tells when it has added or removed one
   * @param mayWait returns whether a channel has sent a message or may stay silent; called in every round
   */
  constructor(times: StallTimes, channels: ReadonlySet<Channel>, mayWait: (channel: Channel) => boolean) {
    const shorterMs = Math.min(times.handshakeTimeoutMs, times.stallTimeoutMs);
    this.#times = times;
    this.#channels = channels;
    this.#mayWait = mayWait;
    this.#roundMs = roundMsOf(shorterMs);
    if (shorterMs === Number.POSITIVE_INFINITY) this.#roundMs = 0;
  }

  /** A channel has been added. */
  onAdded(): void {
    if (this.#roundMs > 0) this.#timer ??= setInterval(this.#round, this.#roundMs).unref();
  }

  /** A channel has been removed. */
  onRemoved(channel: Channel): void {
    this.#sightings.delete(channel);
    if (this.#channels.size === 0) this.#stopLooking();
  }

  stop(): void {
    this.#sightings.clear();
    this.#stopLooking();
  }

  #stopLooking(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  readonly #round = (): void => {
    for (const channel of this.#channels) {
      const isSilent = !this.#mayWait(channel);
      if (isSilent || channel.awaitsRest) this.#look(channel, isSilent);
      else this.#sightings.delete(channel);
    }
  };

  #look(channel: Channel, isSilent: boolean): void {
    let sighting = this.#sightings.get(channel);
    if (sighting === undefined) {
      sighting = { messages: channel.receivedCount, bytes: channel.receivedBytes, stalledMs: 0, silentMs: 0 };
      this.#sightings.set(channel, sighting);
    }
    sighting.silentMs = isSilent ? sighting.silentMs + this.#roundMs : 0;
    sighting.stalledMs = isStalled(channel, sighting) ? sighting.stalledMs + this.#roundMs : 0;
    this.#judge(channel, sighting);
  }

  /** A wait began up to one round before it was first seen, so only a longer one is surely above the timeout. */
  #judge(channel: Channel, { stalledMs, silentMs }: Sighting): void {
    const { handshakeTimeoutMs, stallTimeoutMs } = this.#times;
    if (silentMs > handshakeTimeoutMs) {
      const text = `${channel.label} handshake_timeout[${handshakeTimeoutMs}ms]: connected and never sent a message`;
      channel.abort(new DeadlineError('handshake', {}, text));
    } else if (stalledMs > stallTimeoutMs) {
      const text = `${channel.label} stopped in the middle of a message: less than ${MIN_PROGRESS_BYTES} bytes of it arrived within [${stallTimeoutMs}ms]`;
      channel.abort(new ConnectionLostError('ERR_CONNECTION_LOST', {}, text));
    }
  }
}

/** Returns whether the unfinished message has made no progress; if it has, notes how far it is. */
function isStalled({ awaitsRest, receivedCount, receivedBytes }: Channel, sighting: Sighting): boolean {
  if (awaitsRest && receivedCount === sighting.messages && receivedBytes - sighting.bytes < MIN_PROGRESS_BYTES) return true;
  sighting.messages = receivedCount;
  sighting.bytes = receivedBytes;
  return false;
}
