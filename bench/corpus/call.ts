import { bytes } from '../figures/units.ts';
import type { CallCase } from '../harness/call-case.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
/** More than this on its way at once measures memory, not calls. */
const MAX_FLIGHT_BYTES = 64 * MIB;
/** From this size on a case belongs to `bulk` and counts in MiB/s. */
const BULK_BYTES = 64 * KIB;

/** Calls of small bodies: the part `call`. */
export function callCases(all: boolean): CallCase[] {
  return all ? matrix().filter((one) => one.bodyBytes < BULK_BYTES) : HEADLINE;
}

/** Calls of large bodies: the part `bulk`. */
export function bulkCases(all: boolean): CallCase[] {
  return all ? matrix().filter((one) => one.bodyBytes >= BULK_BYTES) : HEADLINE_BULK;
}

/** One call after the other needs no more than these. */
const LATENCY_FIELD = ['opensearch-transport', 'raw-net', 'grpc-js', 'undici-http'];
const BULK_FIELD = ['opensearch-transport', 'opensearch-transport/released', 'raw-net', 'grpc-js', 'ws-msgpackr', 'jvm-transport'];

const HEADLINE: CallCase[] = [{ ...shape(1, 128, 1), field: LATENCY_FIELD }, shape(64, 128, 1)];
const HEADLINE_BULK: CallCase[] = [{ ...shape(8, MIB, 1), field: BULK_FIELD }];

/** What a genuine node sends to an extension, beside its own kind of call. */
export const EXTENSION_CASES: readonly CallCase[] = [shape(64, 128, 1)];

/** The load under which two ways to use the library are compared. */
export const FEATURE_SHAPE: CallCase = shape(64, 128, 1);

/** A dimension in which calls grow, ten times a step. */
export interface Dimension {
  readonly name: string;
  readonly steps: readonly number[];
  /** The work whose cost is compared: it grows with the size. */
  readonly what: string;
  readonly shape: (size: number) => Omit<CallCase, 'name'>;
  /** Calls that make up one of a size: as many as are in flight, one for each action, … */
  readonly calls: (size: number) => number;
}

const PER_CONNECTION = 16;

/** Cost has to grow in proportion: ten times as much may cost eleven times as much at most. */
export const DIMENSIONS: readonly Dimension[] = [
  {
    name: 'calls in flight',
    steps: [10, 100, 1000],
    what: 'all calls in flight, each once',
    shape: (size) => shape(size, 128, 1),
    calls: (size) => size,
  },
  {
    name: 'connections',
    steps: [1, 10, 100],
    what: 'one call on each connection, in total',
    shape: (size) => shape(PER_CONNECTION * size, 128, size),
    calls: (size) => size,
  },
  { name: 'headers', steps: [1, 10, 100], what: 'one call', shape: (size) => ({ ...shape(64, 128, 1), headers: size }), calls: () => 1 },
  {
    name: 'actions',
    steps: [10, 100, 1000],
    what: 'one call of each action, in total',
    shape: (size) => ({ ...shape(64, 128, 1), actions: size }),
    calls: (size) => size,
  },
  { name: 'body KiB', steps: [10, 100, 1000], what: 'one call', shape: (size) => shape(8, size * KIB, 1), calls: () => 1 },
];

/** The cases of each of {@link DIMENSIONS}: `actions 10`, `actions 100`, … */
export function scalingGroups(): CallCase[][] {
  return DIMENSIONS.map(({ name, steps, shape: of }) => steps.map((size) => ({ ...of(size), name: `${name} ${size}` })));
}

/** Calls that make up one of what a scaling case counts. @param name of the case */
export function callsOf(name: string): number {
  const { dimension, size } = pointOf(name);
  return dimension.calls(size);
}

/** Returns the dimension of a scaling case and its size. @throws Error for a name that is not one of a scaling case */
export function pointOf(name: string): { readonly dimension: Dimension; readonly size: number } {
  const at = name.lastIndexOf(' ');
  const dimension = DIMENSIONS.find((one) => one.name === name.slice(0, at));
  if (dimension === undefined) throw new Error(`expected the name of a scaling case, got ${name}`);
  return { dimension, size: Number(name.slice(at + 1)) };
}

function matrix(): CallCase[] {
  const cases: CallCase[] = [];
  for (const body of [0, 128, 4 * KIB, 64 * KIB, MIB]) {
    for (const inFlight of body === MIB ? [1, 8, 64] : [1, 16, 64, 256, 1024]) {
      for (const connections of inFlight < 4 ? [1] : [1, 4]) {
        if (inFlight * body <= MAX_FLIGHT_BYTES) cases.push(shape(inFlight, body, connections));
      }
    }
  }
  const tls = [shape(1, 128, 1, true), shape(64, 128, 1, true), shape(8, MIB, 1, true)];
  return [...cases, ...tls, openLoop(1_000, 128), openLoop(4_000, 128)];
}

function shape(inFlight: number, bodyBytes: number, connections: number, tls = false): CallCase {
  const name = `k${inFlight} ${bytes(bodyBytes)} c${connections}${tls ? ' TLS' : ''}`;
  return { name, inFlight, bodyBytes, connections, tls, rate: null };
}

/** As many calls a second, whatever the answers do: shows stalls a closed loop hides. */
function openLoop(rate: number, bodyBytes: number): CallCase {
  return { name: `open ${rate}/s ${bytes(bodyBytes)} c1`, inFlight: 64, bodyBytes, connections: 1, tls: false, rate };
}
