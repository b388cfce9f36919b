import { Histogram, type Latency } from '../figures/histogram.ts';
import type { Answer, Connected } from '../peers/peer.ts';

/** One call in eight is timed. */
const TIMED_MASK = 7;
/** One answer in 1024 is compared byte by byte; the length of each is. */
const COMPARED_MASK = 1023;
/** Requests of an open loop that may wait for their answers before the sample fails. */
const MAX_WAITING = 100_000;

/** What a window counted. */
export interface Counts {
  readonly requests: number;
  readonly seconds: number;
  /** Microseconds. */
  readonly latency: Latency;
}

/** How a load runs. */
export interface LoadOptions {
  readonly body: Buffer;
  /** Calls kept in flight by a closed loop. */
  readonly inFlight: number;
  /** Calls a second of an open loop, timed from when each was due; null for a closed loop. */
  readonly rate: number | null;
  readonly fail: (error: unknown) => void;
}

/** Calls a server over and over and counts. */
export class Load {
  readonly #connected: Connected;
  readonly #options: LoadOptions;
  readonly #text: string;
  readonly #histogram = new Histogram();
  #requests = 0;
  #begun = 0;
  #sent = 0;
  #inFlight = 0;
  #running = false;
  #idle: (() => void) | null = null;

  constructor(connected: Connected, options: LoadOptions) {
    this.#connected = connected;
    this.#options = options;
    this.#text = options.body.toString('latin1');
  }

  /** Starts to call. */
  start(): void {
    this.#running = true;
    if (this.#options.rate !== null) this.#openLoop(this.#options.rate);
    else for (let i = 0; i < this.#options.inFlight; i++) this.#lane();
  }

  /** Starts the measured window. */
  begin(): void {
    this.#histogram.reset();
    this.#requests = 0;
    this.#begun = performance.now();
  }

  /** Ends the measured window; the load goes on. */
  end(): Counts {
    return { requests: this.#requests, seconds: (performance.now() - this.#begun) / 1000, latency: this.#histogram.summary() };
  }

  /** Stops and waits for the calls in flight. */
  async stop(): Promise<void> {
    this.#running = false;
    if (this.#inFlight > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
  }

  /** One call after the other. Its two closures are all a lane ever makes. */
  #lane(): void {
    let sentAt = 0;
    const next = (): void => {
      sentAt = (this.#sent++ & TIMED_MASK) === 0 ? performance.now() : 0;
      this.#connected.echo(done);
    };
    const done = (answer: Answer): void => {
      if (sentAt !== 0) this.#histogram.record((performance.now() - sentAt) * 1000);
      this.#answered(answer);
      if (this.#running) next();
      else this.#ended();
    };
    this.#inFlight++;
    next();
  }

  #openLoop(rate: number): void {
    const began = performance.now();
    let sent = 0;
    const tick = (): void => {
      if (!this.#running) return;
      const due = Math.floor(((performance.now() - began) * rate) / 1000);
      for (; sent < due; sent++) this.#once(began + ((sent + 1) * 1000) / rate);
      if (this.#inFlight > MAX_WAITING) this.#options.fail(new Error(`${rate} calls/s are more than it can serve`));
      setImmediate(tick);
    };
    tick();
  }

  #once(dueAt: number): void {
    this.#inFlight++;
    this.#connected.echo((answer) => {
      this.#histogram.record((performance.now() - dueAt) * 1000);
      this.#answered(answer);
      this.#ended();
    });
  }

  #answered(answer: Answer): void {
    if (answer.length !== this.#options.body.length) {
      this.#options.fail(new Error(`wrong echo: ${answer.length} bytes of ${this.#options.body.length}`));
    }
    if ((this.#requests++ & COMPARED_MASK) === 0 && !this.#same(answer)) this.#options.fail(new Error('wrong echo: other bytes'));
  }

  #same(answer: Answer): boolean {
    return typeof answer === 'string' ? answer === this.#text : this.#options.body.equals(answer);
  }

  #ended(): void {
    this.#inFlight--;
    if (this.#inFlight === 0) this.#idle?.();
  }
}
