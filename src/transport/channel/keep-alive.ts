import { ConnectionLostError } from '../../protocol/error/transport-error.ts';
import type { Channel } from './channel.ts';

/** Pings in a row without any byte in return, after which a channel is ended. */
const MAX_UNANSWERED = 2;

/**
 * Rate at which a peer must take bytes that wait in front of a ping, in bytes per millisecond (125 KiB per second). How far a single large write has come
 * cannot be seen, so waiting bytes that do not shrink are given this much time.
 */
const MIN_BYTES_PER_MS = 128;

/** What a round saw of a channel. */
interface Sighting {
  /** Messages and pings in both directions. */
  activity: number;
  receivedBytes: number;
  /** Rounds in a row that received nothing. */
  silentRounds: number;
  bufferedBytes: number;
  /** Rounds in a row in which the bytes that wait to be written did not become fewer. */
  stuckRounds: number;
  unansweredPings: number;
}

/**
 * Pings the channels of one connecting end that were idle since the last round, as nodes do, and ends those that do not answer: a peer that is gone
 * without a word would otherwise get its share of the calls.
 *
 * @see wire-format.md §9.3
 */
export class KeepAlive {
  readonly #sightings = new Map<Channel, Sighting>();
  readonly #intervalMs: number;
  readonly #timer: NodeJS.Timeout;

  /** @param intervalMs milliseconds between rounds */
  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
    this.#timer = setInterval(this.#round, intervalMs);
    this.#timer.unref();
  }

  add(channel: Channel): void {
    const { receivedBytes, bufferedBytes } = channel;
    const activity = activityOf(channel);
    this.#sightings.set(channel, { activity, receivedBytes, silentRounds: 0, bufferedBytes, stuckRounds: 0, unansweredPings: 0 });
  }

  remove(channel: Channel): void {
    this.#sightings.delete(channel);
  }

  readonly #round = (): void => {
    for (const [channel, sighting] of this.#sightings) {
      if (sighting.receivedBytes !== channel.receivedBytes || !channel.isReading || channel.mayDelayPongs) {
        sighting.receivedBytes = channel.receivedBytes;
        sighting.silentRounds = 0;
        sighting.unansweredPings = 0;
      } else sighting.silentRounds++;
      const { bufferedBytes } = channel;
      sighting.stuckRounds = bufferedBytes < sighting.bufferedBytes ? 0 : sighting.stuckRounds + 1;
      sighting.bufferedBytes = bufferedBytes;
      if (sighting.unansweredPings >= MAX_UNANSWERED && this.#isStuck(sighting)) this.#endUnlessHeard(channel, sighting);
      else this.#pingIfIdle(channel, sighting);
    }
  };

  /** Returns whether the peer had enough time for the bytes that wait in front of the pings. */
  #isStuck({ bufferedBytes, stuckRounds }: Sighting): boolean {
    return bufferedBytes === 0 || stuckRounds * this.#intervalMs > bufferedBytes / MIN_BYTES_PER_MS;
  }

  /** Calls that are sent and not answered say nothing about the peer, so a channel that only writes is pinged, too. */
  #pingIfIdle(channel: Channel, sighting: Sighting): void {
    if (activityOf(channel) === sighting.activity || sighting.silentRounds > 1) {
      channel.ping();
      sighting.unansweredPings++;
    }
    sighting.activity = activityOf(channel);
  }

  /** A process that stood still has not read yet what came meanwhile: it does so before the immediate runs. */
  #endUnlessHeard(channel: Channel, sighting: Sighting): void {
    setImmediate(() => {
      if (this.#sightings.get(channel) !== sighting || channel.receivedBytes !== sighting.receivedBytes) return;
      const silentMs = sighting.silentRounds * this.#intervalMs;
      const text = `${channel.label} does not answer: ${sighting.unansweredPings} pings, nothing received for [${silentMs}ms]`;
      channel.abort(new ConnectionLostError('ERR_CONNECTION_LOST', {}, text));
    });
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#sightings.clear();
  }
}

function activityOf(channel: Channel): number {
  return channel.receivedCount + channel.writtenCount;
}
