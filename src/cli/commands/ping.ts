import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { transportHandshake } from '../../protocol/action/internal/transport-handshake.ts';
import { DeadlineError } from '../../protocol/error/transport-error.ts';
import { createClient, type Client } from '../../transport/client/client.ts';
import { carrierOf, type TlsFlags, withTlsOptions } from '../connect-options.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../failure.ts';
import { milliseconds, wholeNumber } from '../option-values.ts';
import { PingLine } from '../ping-line.ts';
import { jsonLine, oneLine } from '../../protocol/error/printable.ts';

interface Options extends TlsFlags {
  readonly count: number;
  readonly interval: number;
  readonly timeout: number;
  readonly json?: true;
}

/** Milliseconds of one round: a ping frame and its answer, a transport handshake and its answer; null for none in time. */
interface Round {
  readonly frameMs: number | null;
  readonly handshakeMs: number | null;
}

/** `ostp ping`: whether a node answers, its name and version, the round-trip time. */
export function pingCommand(context: Context): Command {
  const command = new Command('ping')
    .summary('measure the round trip to a node: ping frames and handshakes')
    .description(
      'Connects, prints the name and version of the node, then sends ping frames and transport handshakes and measures the time to their answers.',
    )
    .argument('<endpoint>', 'host:port of the node')
    .option('--count <n>', 'number of rounds', wholeNumber(1, 1_000_000), 4)
    .option('--interval <ms>', 'time between rounds in milliseconds', milliseconds, 1000)
    .option('--timeout <ms>', 'time for connecting and for each answer in milliseconds', milliseconds, 5000)
    .option('--json', 'one JSON object per line');
  return withTlsOptions(command).action((endpoint: string, options: Options) => ping(context, endpoint, options));
}

async function ping(context: Context, endpoint: string, options: Options): Promise<void> {
  const { signal } = context;
  const line = new PingLine(await carrierOf(context, options));
  await using client = createClient({
    nodes: [endpoint],
    carrier: line.carrier,
    timeoutMs: options.timeout,
    connectTimeoutMs: options.timeout,
    reconnect: false,
  });
  const began = performance.now();
  await client.connect({ signal });
  await tellNode(context, client, performance.now() - began, options);
  const rounds: Round[] = [];
  while (rounds.length < options.count && !signal.aborted) {
    if (rounds.length > 0) await delay(options.interval, undefined, { signal }).catch(() => {});
    if (!signal.aborted) rounds.push(await round(context, client, line, options, rounds.length + 1));
  }
  await tellSummary(context, rounds, options);
  if (!signal.aborted && rounds.some(({ frameMs, handshakeMs }) => frameMs === null || handshakeMs === null)) context.exit(EXIT.failed);
}

async function tellNode({ stdout }: Context, client: Client, connectMs: number, { json }: Options): Promise<void> {
  const [node] = client.nodes;
  const { name = null, clusterName = null, version = null, streamVersion = null } = node ?? {};
  const text = `${oneLine(name ?? 'a node without a name')} in cluster ${oneLine(clusterName ?? '?')}, version ${version}, stream version ${streamVersion}; connected with both handshakes in ${ms(connectMs)}`;
  await stdout.print(json ? jsonLine({ node: name, clusterName, version, streamVersion, connectMs: rounded(connectMs) }) : text);
}

async function round(
  { stdout, signal }: Context,
  client: Client,
  line: PingLine,
  { timeout, json }: Options,
  number: number,
): Promise<Round> {
  const frameMs = await line.ping(timeout, signal);
  const handshakeMs = await handshake(client, timeout, signal);
  const text = `${number}: ping frame ${frameMs === null ? 'not answered' : ms(frameMs)}, transport handshake ${handshakeMs === null ? 'not answered' : ms(handshakeMs)}`;
  if (!signal.aborted)
    await stdout.print(json ? JSON.stringify({ round: number, frameMs: rounded(frameMs), handshakeMs: rounded(handshakeMs) }) : text);
  return { frameMs, handshakeMs };
}

async function handshake(client: Client, timeoutMs: number, signal: AbortSignal): Promise<number | null> {
  const began = performance.now();
  try {
    await client.call(transportHandshake, {}, { timeoutMs, signal });
    return performance.now() - began;
  } catch (error) {
    if (error instanceof DeadlineError) return null;
    throw error;
  }
}

async function tellSummary({ stdout }: Context, rounds: readonly Round[], { json }: Options): Promise<void> {
  const frames = rounds.flatMap(({ frameMs }) => frameMs ?? []);
  const handshakes = rounds.flatMap(({ handshakeMs }) => handshakeMs ?? []);
  if (json) return;
  await stdout.print(
    `${rounds.length} ${rounds.length === 1 ? 'round' : 'number of rounds'}; ping frames: ${statistics(frames)}; transport handshakes: ${statistics(handshakes)}`,
  );
}

function statistics(times: readonly number[]): string {
  if (times.length === 0) return 'none answered';
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  return `${times.length} answered, min / mean / max ${Math.min(...times).toFixed(2)} / ${mean.toFixed(2)} / ${ms(Math.max(...times))}`;
}

const ms = (value: number): string => `${value.toFixed(2)} ms`;
const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value * 1000) / 1000);
