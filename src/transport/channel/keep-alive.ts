import type { Channel } from './channel.ts';

/**
 * Pings the channels of one connecting end that were idle since the last round, as nodes do.
 *
 * @see wire-format.md §9.3
 */
export class KeepAlive {
  readonly #activity = new Map<Channel, number>();
  readonly #timer: NodeJS.Timeout;

  /** @param intervalMs milliseconds between rounds */
  constructor(intervalMs: number) {
    this.#timer = setInterval(this.#round, intervalMs);
    this.#timer.unref();
  }

  add(channel: Channel): void {
    this.#activity.set(channel, activityOf(channel));
  }

  remove(channel: Channel): void {
    this.#activity.delete(channel);
  }

  readonly #round = (): void => {
    for (const [channel, before] of this.#activity) {
      const now = activityOf(channel);
      if (now === before) channel.ping();
      this.#activity.set(channel, activityOf(channel));
    }
  };

  stop(): void {
    clearInterval(this.#timer);
    this.#activity.clear();
  }
}

function activityOf(channel: Channel): number {
  return channel.receivedCount + channel.writtenCount;
}
