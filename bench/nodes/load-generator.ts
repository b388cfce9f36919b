import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import type { Counts } from '../harness/load.ts';
import { EXTENSION_PATH } from './extension-path.ts';
import type { NodeClient } from './node-client.ts';

/** A program that sends HTTP requests by itself. */
interface Generator {
  readonly name: string;
  /** Debian package that has it. */
  readonly debian: string;
  readonly args: (inFlight: number, seconds: number, url: string) => readonly string[];
  /** Calls per second, p50 and p99 in microseconds, read from its report. */
  readonly read: (report: string) => { readonly perSecond: number; readonly p50: number; readonly p99: number };
  /** Matches a report about answers that are not 2xx. */
  readonly refused: RegExp;
}

const UNITS: Readonly<Record<string, number>> = { us: 1, ms: 1e3, s: 1e6, secs: 1e6 };

/** In the order of preference: the one that costs the least CPU first, because node and generator share the machine. */
const GENERATORS: readonly Generator[] = [
  {
    name: 'wrk',
    debian: 'wrk',
    args: (inFlight, seconds, url) => ['-t1', `-c${inFlight}`, `-d${seconds}s`, '--latency', url],
    read: (report) => ({
      perSecond: number(/Requests\/sec:\s+([\d.]+)/, report),
      p50: micros(/\b50%\s+([\d.]+)(us|ms|s)\b/, report),
      p99: micros(/\b99%\s+([\d.]+)(us|ms|s)\b/, report),
    }),
    refused: /Non-2xx or 3xx responses|Socket errors/,
  },
  {
    name: 'hey',
    debian: 'hey',
    args: (inFlight, seconds, url) => ['-z', `${seconds}s`, '-c', String(inFlight), url],
    read: (report) => ({
      perSecond: number(/Requests\/sec:\s+([\d.]+)/, report),
      p50: micros(/\b50%%? in ([\d.]+) (secs)/, report),
      p99: micros(/\b99%%? in ([\d.]+) (secs)/, report),
    }),
    refused: /\[[345]\d\d\]|Error distribution/,
  },
  {
    name: 'ab',
    debian: 'apache2-utils',
    args: (inFlight, seconds, url) => ['-q', '-k', '-c', String(inFlight), '-t', String(seconds), '-n', '10000000', url],
    read: (report) => ({
      perSecond: number(/Requests per second:\s+([\d.]+)/, report),
      p50: number(/^\s+50%\s+(\d+)/m, report) * 1e3,
      p99: number(/^\s+99%\s+(\d+)/m, report) * 1e3,
    }),
    refused: /Non-2xx responses|Failed requests:\s+[1-9]/,
  },
];

/** HTTP requests of an independent program to a route of an extension, through the node. */
export const generatedExtensionRoute: NodeClient = generated('extension', EXTENSION_PATH);

/** HTTP requests of the same program to a route that the node answers itself. */
export const generatedOwnRoute: NodeClient = generated('node itself', '/');

function generated(target: string, path: string): NodeClient {
  const found = GENERATORS.find(({ name }) => spawnSync('which', [name], { stdio: 'ignore' }).status === 0);
  const packages = GENERATORS.map(({ debian }) => debian).join(', ');
  return {
    name: `REST → ${target}, by ${found?.name ?? 'wrk, hey or ab'}`,
    packages: [],
    missing: () => (found === undefined ? `none of wrk, hey and ab is installed (Debian packages ${packages})` : null),
    open: async ({ httpUrl }) => ({
      operations: {},
      drives: {
        rest: (inFlight, measureMs) => drive(found as Generator, inFlight, measureMs, `${httpUrl}${path}`),
      },
      close: () => {},
    }),
  };
}

/** Runs a generator for a while. @throws Error when an answer was not 2xx */
async function drive(generator: Generator, inFlight: number, measureMs: number, url: string): Promise<Counts> {
  const seconds = Math.max(1, Math.round(measureMs / 1000));
  const { stdout } = await promisify(execFile)(generator.name, [...generator.args(inFlight, seconds, url)]);
  return countsFrom(generator.name, stdout, seconds);
}

/** Reads the report of a generator. @throws Error for a report with refused answers or without figures */
export function countsFrom(name: string, report: string, seconds: number): Counts {
  const generator = GENERATORS.find((one) => one.name === name);
  if (generator === undefined) throw new Error(`unknown load generator ${name}`);
  if (generator.refused.test(report)) throw new Error(`${name} got answers that are not 2xx:\n${report}`);
  const { perSecond, p50, p99 } = generator.read(report);
  const requests = Math.round(perSecond * seconds);
  return { requests, seconds, latency: { p50, p90: Number.NaN, p99, max: Number.NaN, count: requests } };
}

function number(pattern: RegExp, report: string): number {
  const found = pattern.exec(report)?.[1];
  if (found === undefined) throw new Error(`expected ${pattern.source} in the report of the load generator, got:\n${report}`);
  return Number(found);
}

function micros(pattern: RegExp, report: string): number {
  return number(pattern, report) * (UNITS[pattern.exec(report)?.[2] ?? ''] ?? Number.NaN);
}
