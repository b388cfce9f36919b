import { TransportError } from '../protocol/error/transport-error.ts';
import { cachedJars, noJdk } from './artefacts.ts';
import { findJdk } from './jdk.ts';
import { parseRelease } from './release.ts';
import type { Surroundings } from './surroundings.ts';

/** Whether a node can be booted here; if not, the reason in one sentence. */
export type RealNodeAvailability = { readonly available: true } | { readonly available: false; readonly reason: string };

/**
 * Returns whether `startRealNode` has what it needs, for tests that skip with one line. Never reaches the network, never throws for
 * something that is missing.
 */
export async function realNodeAvailability(version: string, surroundings: Surroundings = {}): Promise<RealNodeAvailability> {
  try {
    const release = parseRelease(version);
    const jdk = await findJdk({ ...surroundings, atLeast: release.javaAtLeast });
    if (jdk === undefined) return { available: false, reason: noJdk(release) };
    const jars = await cachedJars(release, surroundings);
    if (jars !== undefined) return { available: true };
    return {
      available: false,
      reason: `the Maven artefacts of ${version} are not resolved; run \`ostp node --real ${version} --prepare\``,
    };
  } catch (error) {
    return { available: false, reason: TransportError.from(error).message };
  }
}
