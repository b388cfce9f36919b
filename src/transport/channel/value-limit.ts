import { allowanceOfCompressed } from '../../protocol/wire/allowance.ts';
import type { WireLimits } from '../../protocol/wire/limits.ts';
import { StreamInput } from '../../protocol/wire/stream-input.ts';
import type { VersionId } from '../../protocol/wire/version.ts';

/** What the values of a body may take depends on the role of the end that reads it: anyone may connect to an accepting end, so its peers may send less. */
interface ReadingEnd {
  readonly role: 'dialed' | 'accepted';
  readonly limits: WireLimits;
}

/** Returns the upper bound for the values of every body: half of the option for peers that connected to this end. */
export function maxDecodedBytes({ role, limits }: ReadingEnd): number {
  return role === 'accepted' ? Math.ceil(limits.maxDecodedBytes / 2) : limits.maxDecodedBytes;
}

/** Returns the input over a body that was compressed. @memory given: `body` is never written again */
export function inputOver(end: ReadingEnd, body: Buffer, version: VersionId, peerVersion: VersionId, compressedBytes: number): StreamInput {
  const input = new StreamInput(body, { version, peerVersion, maxDecodedBytes: maxDecodedBytes(end) });
  input.owned = true;
  input.wantsStacks = end.role !== 'accepted';
  if (end.role === 'accepted') {
    input.allowAtMost(allowanceOfCompressed(compressedBytes), `the most that ${compressedBytes} compressed bytes may turn into`);
  }
  return input;
}
