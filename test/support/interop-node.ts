import { afterAll, beforeAll, describe, test } from 'vitest';
import { realNodeAvailability } from '../../src/realnode/availability.ts';
import { type RealNode, type RealNodeOptions, startRealNode } from '../../src/realnode/real-node.ts';

/** The genuine releases every interop suite runs against. */
const INTEROP_RELEASES = ['2.19.6', '3.9.0'] as const;

/** Runs a suite against each release; one that cannot be booted here is skipped with one line that says why. */
export async function describeReleases(what: string, suite: (version: string) => void): Promise<void> {
  for (const version of INTEROP_RELEASES) {
    const availability = await realNodeAvailability(version);
    const title = `${what}, OpenSearch ${version}`;
    if (availability.available) describe(title, () => suite(version));
    else test(title, (context) => context.skip(availability.reason));
  }
}

/** Boots nodes before the tests of the suite it is called in, all at once, and closes them afterwards. */
export function bootedNodes<Name extends string>(options: Readonly<Record<Name, RealNodeOptions>>): Readonly<Record<Name, RealNode>> {
  const nodes: Partial<Record<Name, RealNode>> = {};
  beforeAll(async () => {
    const boots = (Object.entries(options) as [Name, RealNodeOptions][]).map(async ([name, each]) => {
      nodes[name] = await startRealNode({ offline: true, ...each });
    });
    // All settled before any failure counts: what did boot must be known to be closed.
    const failed = (await Promise.allSettled(boots)).find((boot) => boot.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  });
  afterAll(() => Promise.all((Object.values(nodes) as RealNode[]).map((node) => node.close())));
  return nodes as Readonly<Record<Name, RealNode>>;
}

/** Settings of a node that compresses what it sends and pings idle channels every second. */
export const COMPRESSING_AND_PINGING = { 'transport.compress': true, 'transport.ping_schedule': '1s' } as const;
