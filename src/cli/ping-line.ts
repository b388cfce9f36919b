import { PING } from '../protocol/frame/native/fixed-header.ts';
import type { Carrier, Link } from '../transport/carrier/link.ts';
import { actionsByName } from './known-actions.ts';
import { observedCarrier } from '../inspect/tap/observed-carrier.ts';

/** Sends ping frames on the link of a client and sees their answers, which a client itself takes in silence. */
export class PingLine {
  /** For the client. */
  readonly carrier: Carrier;
  #link: Link | null;
  #onPong: (() => void) | null;

  constructor(carrier: Carrier) {
    this.#link = null;
    this.#onPong = null;
    this.carrier = observedCarrier(carrier, { actions: actionsByName }, (event, link) => {
      this.#link = link;
      // Our own pings do not pass here: they are written to the link itself.
      if (event.kind === 'ping') this.#onPong?.();
    });
  }

  /**
   * Sends a ping and waits for one.
   *
   * @returns milliseconds, null when none comes in time or the signal fires
   */
  async ping(timeoutMs: number, signal: AbortSignal): Promise<number | null> {
    const began = performance.now();
    const answered = await new Promise<boolean>((resolve) => {
      const settle = (answer: boolean): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        this.#onPong = null;
        resolve(answer);
      };
      const giveUp = (): void => settle(false);
      const timer = setTimeout(giveUp, timeoutMs);
      signal.addEventListener('abort', giveUp, { once: true });
      this.#onPong = () => settle(true);
      if (this.#link === null) giveUp();
      else this.#link.write(PING);
    });
    return answered ? performance.now() - began : null;
  }
}
