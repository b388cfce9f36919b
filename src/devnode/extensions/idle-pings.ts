import type { Channel } from '../../transport/channel/channel.ts';

/**
 * Pings of a node on the connections it opened: each channel that was silent for an interval gets one. An answer is neither needed nor looked at, and a
 * silent extension is never given up, as genuine nodes do it.
 *
 * @see extensions.md §2.2
 */
export class IdlePings {
  readonly #intervalMs: number;
  /** Channels, with the number of messages that they had written at the last look. */
  readonly #channels = new Map<Channel, number>();
  #timer: NodeJS.Timeout | null = null;

  /** @param intervalMs milliseconds between pings; 0 for none */
  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  add(channel: Channel): void {
    if (this.#intervalMs === 0) return;
    this.#channels.set(channel, channel.writtenCount);
    this.#timer ??= setInterval(this.#onTimer, this.#intervalMs).unref();
  }

  remove(channel: Channel): void {
    this.#channels.delete(channel);
    if (this.#channels.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  readonly #onTimer = (): void => {
    for (const [channel, seen] of this.#channels) {
      if (channel.writtenCount === seen) channel.ping();
      this.#channels.set(channel, channel.writtenCount);
    }
  };
}
