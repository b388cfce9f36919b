import { bytes } from '../figures/units.ts';
import type { CallCase } from '../harness/sample.ts';

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

const HEADLINE: CallCase[] = [shape(1, 128, 1), shape(64, 128, 1)];
const HEADLINE_BULK: CallCase[] = [shape(8, MIB, 1)];

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
