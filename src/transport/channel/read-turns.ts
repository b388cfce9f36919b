import { RingQueue } from '../util/ring-queue.ts';

/** Messages that a channel reads before it looks at the clock. Most of those of a dialling end are answers, which call no handlers. */
export const MESSAGES_PER_LOOK = { accepted: 16, dialed: 64 } as const;

/**
 * Milliseconds that one channel reads on before others have their turn. A dialling end has more: the answers to its own calls are among what it reads,
 * and their deadlines run on.
 */
const TURN_MS = { accepted: 2, dialed: 5 } as const;

/**
 * Gives channels turns: one read may hold thousands of small requests, and whoever sent it must not keep all others waiting. A channel whose turn is
 * over waits in a queue. Between two polls of the event loop the queue gets as much time as one turn of an accepting end.
 */
class ReadTurns {
  readonly #waiting = new RingQueue<() => void>();
  #isScheduled = false;

  /** Returns whether a turn that began at a time of `performance.now` is over. */
  isOver(began: number, role: 'accepted' | 'dialed' = 'accepted'): boolean {
    return performance.now() - began > TURN_MS[role];
  }

  /** Calls back when the channel has its next turn. */
  wait(next: () => void): void {
    this.#waiting.push(next);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#run);
  }

  readonly #run = (): void => {
    this.#isScheduled = false;
    const began = performance.now();
    // Those that come again now wait behind the others, and for the next poll.
    for (let left = this.#waiting.size; left > 0; left--) {
      this.#waiting.shift()?.();
      if (this.isOver(began)) break;
    }
    if (this.#waiting.size > 0) this.#schedule();
  };
}

/** The turns of all channels of this process. */
export const turns: ReadTurns = new ReadTurns();
