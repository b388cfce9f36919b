import { ConnectionLostError } from '../../protocol/error/transport-error.ts';

/** Bytes that have to be taken within the timeout: a single byte now and then is not progress. */
const MIN_PROGRESS_BYTES = 1024;

/** Rounds within the timeout. A channel is ended at most two rounds late, never early. */
const ROUNDS = 4;

/** Longest time between two rounds, in milliseconds. */
const MAX_ROUND_MS = 60_000;

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
  abort(error: ConnectionLostError): void;
}

/** Bytes taken when the last progress was seen, and for how long there has been none since. */
interface Sighting {
  takenBytes: number;
  stalledMs: number;
}

/**
 * Ends channels whose peer does not read what is written to it. It looks only at channels that have something to wait for, now and then, so that a
 * channel whose peer reads costs nothing.
 *
 * The system takes bytes for a peer that does not read until its own buffers are full, and tells of progress in steps of up to a third of its send
 * buffer (1 MiB and more for a peer that was fast before). A peer that reads 32 KiB per second is safe with the default timeout of a minute.
 */
export class UnreadWatch {
  readonly #timeoutMs: number;
  readonly #roundMs: number;
  readonly #sightings = new Map<UnreadChannel, Sighting>();
  #timer: NodeJS.Timeout | null = null;

  /** @param timeoutMs time for 1 KiB of what waits to be taken, in milliseconds; Infinity for no limit */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#roundMs = timeoutMs === Number.POSITIVE_INFINITY ? 0 : Math.ceil(Math.min(timeoutMs / ROUNDS, MAX_ROUND_MS));
  }

  /** Watches a channel until everything it writes is taken. */
  add(channel: UnreadChannel): void {
    if (this.#roundMs === 0 || this.#sightings.has(channel)) return;
    this.#sightings.set(channel, { takenBytes: channel.takenBytes, stalledMs: 0 });
    this.#timer ??= setInterval(this.#round, this.#roundMs).unref();
  }

  remove(channel: UnreadChannel): void {
    this.#sightings.delete(channel);
    if (this.#sightings.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  readonly #round = (): void => {
    for (const [channel, sighting] of this.#sightings) {
      if (!channel.isStuck) this.remove(channel);
      else this.#look(channel, sighting);
    }
  };

  #look(channel: UnreadChannel, sighting: Sighting): void {
    const { takenBytes } = channel;
    // A TLS socket may have told of more than had left.
    if (takenBytes < sighting.takenBytes) sighting.takenBytes = takenBytes;
    if (channel.unsentBytes === 0 || takenBytes - sighting.takenBytes >= MIN_PROGRESS_BYTES) {
      sighting.takenBytes = takenBytes;
      sighting.stalledMs = 0;
      return;
    }
    sighting.stalledMs += this.#roundMs;
    // The wait began up to one round before it was first seen, so only a longer one is surely above the timeout.
    if (sighting.stalledMs > this.#timeoutMs) channel.abort(doesNotRead(channel, this.#timeoutMs));
  }
}

function doesNotRead({ label, bufferedBytes }: UnreadChannel, timeoutMs: number): ConnectionLostError {
  const text = `${label} does not read: ${bufferedBytes} bytes wait to be written, and less than ${MIN_PROGRESS_BYTES} of them were taken within [${timeoutMs}ms] (stallTimeoutMs)`;
  return new ConnectionLostError('ERR_CONNECTION_LOST', {}, text);
}
