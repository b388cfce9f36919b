import { setTimeout as sleep } from 'node:timers/promises';
import type { CallCase } from './call-case.ts';
import type { Child } from './child.ts';
import { type QuietGate, watchOthers } from './gate.ts';
import {
  type PairClientAnswers,
  type PairOptions,
  type PairServerAnswers,
  type Side,
  startPairClient,
  startPairServer,
} from './pair-role.ts';

/** A quad during which other processes used more of the machine than this is taken again, a few times. */
const MAX_OTHERS = 0.04;
const MAX_TRIES = 3;
/** Time between windows: what one side leaves behind (garbage, timers) must not run in the other's. */
const REST_MS = 2;
const WARM_UP_MS = 400;
const WARM_UPS = 2;

/** What one side did in its two windows of a quad. */
export interface SideFigures {
  readonly callsPerSecond: number;
  /** Microseconds of both ends per call. */
  readonly cpu: number;
}

/** Four windows in the order A B B A, or B A A B: what drifts evenly meets both sides alike. */
export interface Quad {
  readonly sides: readonly [SideFigures, SideFigures];
  /** Share of the machine other processes used; null where the system does not tell. */
  readonly others: number | null;
}

/** Two contenders in the same pair of processes. */
export class Pair {
  readonly #server: Child<PairServerAnswers>;
  readonly #client: Child<PairClientAnswers>;
  #quads = 0;

  private constructor(server: Child<PairServerAnswers>, client: Child<PairClientAnswers>) {
    this.#server = server;
    this.#client = client;
  }

  static async start(keys: PairOptions['keys'], { bodyBytes, connections, inFlight }: CallCase): Promise<Pair> {
    const options = { keys, bodyBytes, connections, inFlight };
    const server = startPairServer({ ...options, ports: [0, 0] });
    let client: Child<PairClientAnswers> | null = null;
    try {
      const { ports } = await server.ask('ready');
      client = startPairClient({ ...options, ports });
      await client.ask('ready');
      return new Pair(server, client);
    } catch (error) {
      await client?.close();
      await server.close();
      throw error;
    }
  }

  /** Runs both sides in turn until their code is compiled. @param share of the usual time */
  async warmUp(share: number): Promise<void> {
    for (let at = 0; at < 2 * WARM_UPS; at++) {
      await this.#client.ask('window', { side: (at % 2) as Side, measureMs: WARM_UP_MS * share });
    }
  }

  /** Takes four windows; takes them again while other processes disturb and the gate has time left. */
  async quad(windowMs: number, gate: QuietGate): Promise<Quad> {
    const isReversed = this.#quads++ % 2 === 1;
    const order: readonly Side[] = isReversed ? [1, 0, 0, 1] : [0, 1, 1, 0];
    let best = await this.#attempt(order, windowMs);
    for (let tries = 1; tries < MAX_TRIES && gate.open && (best.others ?? 0) > MAX_OTHERS; tries++) {
      const began = performance.now();
      const again = await this.#attempt(order, windowMs);
      if ((again.others ?? 0) < (best.others ?? 0)) best = again;
      gate.spend(performance.now() - began);
    }
    return best;
  }

  async close(): Promise<void> {
    await this.#client.close();
    await this.#server.close();
  }

  async #attempt(order: readonly Side[], measureMs: number): Promise<Quad> {
    const others = watchOthers([process.pid, this.#server.pid, this.#client.pid]);
    const sums = [emptySums(), emptySums()] as const;
    for (const side of order) {
      const before = await this.#server.ask('cpu');
      const { requests, seconds, cpu } = await this.#client.ask('window', { side, measureMs });
      const sum = sums[side];
      sum.requests += requests;
      sum.seconds += seconds;
      sum.cpu += cpu + (await this.#server.ask('cpu')) - before;
      await sleep(REST_MS);
    }
    return { sides: [figuresOf(sums[0]), figuresOf(sums[1])], others: others() };
  }
}

interface Sums {
  requests: number;
  seconds: number;
  cpu: number;
}

function emptySums(): Sums {
  return { requests: 0, seconds: 0, cpu: 0 };
}

function figuresOf({ requests, seconds, cpu }: Sums): SideFigures {
  return { callsPerSecond: requests / seconds, cpu: cpu / requests };
}
