import { allowanceOfCompressed } from '../../protocol/wire/allowance.ts';
import type { WireLimits } from '../../protocol/wire/limits.ts';
import { StreamInput } from '../../protocol/wire/stream-input.ts';
import type { VersionId } from '../../protocol/wire/version.ts';

/** What the values of one body may take on the channels of one role. Anyone may connect to an accepting end, so its peers may send less. */
export class ValueLimit {
  /** Upper bound for every body: half of the option for peers that connected to this end. */
  readonly maxDecodedBytes: number;
  readonly #isAccepted: boolean;

  constructor(role: 'dialed' | 'accepted', limits: WireLimits) {
    this.#isAccepted = role === 'accepted';
    this.maxDecodedBytes = this.#isAccepted ? Math.ceil(limits.maxDecodedBytes / 2) : limits.maxDecodedBytes;
  }

  /** Returns the input over a body that was compressed. @memory given: `body` is never written again */
  inputOver(body: Buffer, version: VersionId, peerVersion: VersionId, compressedBytes: number): StreamInput {
    const input = new StreamInput(body, { version, peerVersion, maxDecodedBytes: this.maxDecodedBytes });
    input.owned = true;
    if (this.#isAccepted) {
      input.allowAtMost(allowanceOfCompressed(compressedBytes), `the most that ${compressedBytes} compressed bytes may turn into`);
    }
    return input;
  }
}
