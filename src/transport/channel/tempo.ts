/** At most so many messages in a turn of the event loop: callers that wait for each answer. */
const QUIET_MESSAGES = 2;

/**
 * How busy the process is: the messages all its outboxes were given in one turn of the event loop. One outbox cannot tell: with many connections
 * each has a message or two a turn.
 */
class Tempo {
  #messages = 0;
  #counting = false;
  #quietTurn = true;

  /** True when neither the last turn nor this one had more than a few messages. */
  get quiet(): boolean {
    return this.#quietTurn && this.#messages <= QUIET_MESSAGES;
  }

  // hot: call
  count(): void {
    this.#messages++;
    if (this.#counting) return;
    this.#counting = true;
    setImmediate(this.#endTurn);
  }

  readonly #endTurn = (): void => {
    this.#quietTurn = this.#messages <= QUIET_MESSAGES;
    this.#messages = 0;
    this.#counting = false;
  };
}

/** The tempo of this process. */
export const tempo: Tempo = new Tempo();
