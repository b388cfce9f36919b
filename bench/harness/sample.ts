import { setTimeout as sleep } from 'node:timers/promises';
import type { TlsFiles } from '../peers/peer.ts';
import type { CallCase, Window } from './call-case.ts';
import type { Contender } from './contenders.ts';
import { type QuietGate, watchOthers } from './gate.ts';
import type { Counts } from './load.ts';
import { type Role, startRole } from './role.ts';

/** A sample during which others used more of the machine than this is repeated. */
const MAX_OTHERS = 0.04;
const MAX_TRIES = 4;
/** A window goes on until it holds this many answers, or this long. */
const MIN_REQUESTS = 16;
const MAX_WINDOW_SECONDS = 20;

/** What one run of one contender in one case gave. */
export interface Sample extends Counts {
  /** Microseconds of each end, brokers with the server, in the window. */
  readonly cpu: { readonly client: number; readonly server: number };
  /** Share of the machine other processes used in the window; null where the system does not tell. */
  readonly others: number | null;
  readonly tries: number;
}

/** Longest warm-up of a contender that says nothing else. */
const MAX_WARM_UP_MS = 4_000;
const WARM_UP_LOOK_MS = 100;

/** Takes the samples of one contender in one case. Its processes stand idle while it is the others' turn. */
export class Sampler {
  readonly #contender: Contender;
  readonly #shape: CallCase;
  readonly #window: Window;
  readonly #gate: QuietGate;
  readonly #tls: TlsFiles | null;
  #ends: Ends | null = null;

  constructor(contender: Contender, shape: CallCase, window: Window, gate: QuietGate, tls: TlsFiles | null) {
    this.#contender = contender;
    this.#shape = shape;
    this.#window = window;
    this.#gate = gate;
    this.#tls = tls;
  }

  /**
   * One sample. A noisy window is repeated once the machine is quiet, while the gate has time left, at most four tries; the quietest counts.
   *
   * @throws when an end fails, ends early or echoes something else
   */
  async sample(): Promise<Sample> {
    let best: Sample | null = null;
    for (let tries = 1; tries <= MAX_TRIES; tries++) {
      if (tries > 1) await this.#gate.quiet();
      const began = performance.now();
      const once = { ...(await this.#attempt()), tries };
      if (best === null || (once.others ?? 0) < (best.others ?? 0)) best = once;
      if (!this.#gate.open || (best.others ?? 0) <= MAX_OTHERS) return best;
      this.#gate.spend(performance.now() - began);
    }
    return best as Sample;
  }

  async #attempt(): Promise<Omit<Sample, 'tries'>> {
    if (this.#ends === null) {
      this.#ends = await Ends.start(this.#contender.key, this.#shape, this.#tls);
      await this.#ends.warmUp(this.#window, this.#slowWarmUpMs);
    }
    return this.#ends.measure(this.#window);
  }

  get #slowWarmUpMs(): number | null {
    return (this.#window.warmsUp ? this.#contender.peer.warmUpMs : null) ?? null;
  }

  /** The next sample shall come from fresh processes, unless they are too slow to warm up. */
  async renew(): Promise<void> {
    if (this.#slowWarmUpMs === null) await this.close();
  }

  async close(): Promise<void> {
    const ends = this.#ends;
    this.#ends = null;
    await ends?.close();
  }
}

/** The two processes of one contender in one case. */
class Ends {
  readonly #server: Role;
  readonly #client: Role;
  readonly #pids: readonly number[];

  private constructor(server: Role, client: Role, pids: readonly number[]) {
    this.#server = server;
    this.#client = client;
    this.#pids = pids;
  }

  static async start(peer: string, shape: CallCase, tls: TlsFiles | null): Promise<Ends> {
    const { bodyBytes, connections, inFlight, rate, headers = 0, actions = 1 } = shape;
    const load = { bodyBytes, connections, inFlight, rate, headers, actions };
    const options = { peer, ...load, tls: shape.tls ? tls : null, stall: false };
    const server = startRole('server', { ...options, port: 0 });
    let client: Role | null = null;
    try {
      const { port, pids: brokers } = await server.ask('ready');
      client = startRole('client', { ...options, port });
      const { pids: drivers } = await client.ask('ready');
      return new Ends(server, client, [process.pid, server.pid, client.pid, ...brokers, ...drivers]);
    } catch (error) {
      await client?.close();
      await server.close();
      throw error;
    }
  }

  /** @param slowMs how long, in place of what the window says */
  async warmUp({ warmUpMs, warmUpCalls }: Window, slowMs: number | null): Promise<void> {
    const client = this.#client;
    const began = performance.now();
    await client.ask('start');
    await client.ask('begin');
    await sleep(slowMs ?? warmUpMs);
    const isCold = async (): Promise<boolean> => slowMs === null && (await client.ask('end')).requests < warmUpCalls;
    while (performance.now() - began < MAX_WARM_UP_MS && (await isCold())) await sleep(WARM_UP_LOOK_MS);
    await client.ask('stop');
  }

  /** Runs the load, measures it and lets it rest. */
  async measure(window: Window): Promise<Omit<Sample, 'tries'>> {
    const [server, client] = [this.#server, this.#client];
    await client.ask('start');
    await sleep(window.settleMs);
    const others = watchOthers(this.#pids);
    const [serverBefore, clientBefore] = await Promise.all([server.ask('cpu'), client.ask('cpu')]);
    await client.ask('begin');
    const counts = await measure(client, window.measureMs);
    const [serverAfter, clientAfter] = await Promise.all([server.ask('cpu'), client.ask('cpu')]);
    const sample = { ...counts, cpu: { client: clientAfter - clientBefore, server: serverAfter - serverBefore }, others: others() };
    await client.ask('stop');
    return sample;
  }

  async close(): Promise<void> {
    await this.#client.close();
    await this.#server.close();
  }
}

async function measure(client: Role, measureMs: number): Promise<Counts> {
  for (;;) {
    await sleep(measureMs);
    const counts = await client.ask('end');
    if (counts.requests >= MIN_REQUESTS) return counts;
    if (counts.seconds > MAX_WINDOW_SECONDS) throw new Error(`${counts.requests} answers in ${counts.seconds.toFixed(0)} s`);
  }
}
