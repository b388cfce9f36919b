import { setTimeout as sleep } from 'node:timers/promises';
import type { TlsFiles } from '../peers/peer.ts';
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

/** One shape of load. */
export interface CallCase {
  readonly name: string;
  readonly inFlight: number;
  readonly bodyBytes: number;
  readonly connections: number;
  readonly tls: boolean;
  /** Calls a second of an open loop; null for a closed one. */
  readonly rate: number | null;
  /** Headers each call carries. @default 0 */
  readonly headers?: number;
  /** Actions called in turn. @default 1 */
  readonly actions?: number;
  /** Contenders of the headline set by their names in the registry. @default all */
  readonly field?: readonly string[];
}

/** How long a sample takes. */
export interface Window {
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** Whether contenders that need longer to warm up get it. */
  readonly warmsUp: boolean;
}

/** What one run of one contender in one case gave. */
export interface Sample extends Counts {
  /** Microseconds of each end, brokers with the server, in the window. */
  readonly cpu: { readonly client: number; readonly server: number };
  /** Share of the machine other processes used in the window; null where the system does not tell. */
  readonly others: number | null;
  readonly tries: number;
}

/**
 * Runs one contender once in fresh processes. A noisy window is repeated while the gate has time left, at most four tries; the quietest counts.
 *
 * @throws when an end fails, ends early or echoes something else
 */
export async function sample(
  contender: Contender,
  shape: CallCase,
  window: Window,
  gate: QuietGate,
  tls: TlsFiles | null,
): Promise<Sample> {
  let best: Sample | null = null;
  for (let tries = 1; tries <= MAX_TRIES; tries++) {
    await gate.quiet();
    const began = performance.now();
    const once = { ...(await attempt(contender, shape, window, tls)), tries };
    if (best === null || (once.others ?? 0) < (best.others ?? 0)) best = once;
    if (!gate.open || (best.others ?? 0) <= MAX_OTHERS) return best;
    gate.spend(performance.now() - began);
  }
  return best as Sample;
}

async function attempt({ key, peer }: Contender, shape: CallCase, window: Window, tls: TlsFiles | null): Promise<Omit<Sample, 'tries'>> {
  const { bodyBytes, connections, inFlight, rate, headers = 0, actions = 1 } = shape;
  const load = { bodyBytes, connections, inFlight, rate, headers, actions };
  const options = { peer: key, ...load, tls: shape.tls ? tls : null, stall: false };
  const server = startRole('server', { ...options, port: 0 });
  let client: Role | null = null;
  try {
    const { port, pids: brokers } = await server.ask('ready');
    client = startRole('client', { ...options, port });
    const { pids: drivers } = await client.ask('ready');
    await client.ask('start');
    await sleep(Math.max(window.warmUpMs, window.warmsUp ? (peer.warmUpMs ?? 0) : 0));
    const others = watchOthers([process.pid, server.pid, client.pid, ...brokers, ...drivers]);
    const [serverBefore, clientBefore] = await Promise.all([server.ask('cpu'), client.ask('cpu')]);
    await client.ask('begin');
    const counts = await measure(client, window.measureMs);
    const [serverAfter, clientAfter] = await Promise.all([server.ask('cpu'), client.ask('cpu')]);
    return { ...counts, cpu: { client: clientAfter - clientBefore, server: serverAfter - serverBefore }, others: others() };
  } finally {
    await client?.close();
    await server.close();
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
