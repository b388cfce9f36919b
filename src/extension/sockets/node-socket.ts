import { transportHandshake } from '../../protocol/action/internal/transport-handshake.ts';
import { RemoteError } from '../../protocol/error/remote-error.ts';
import type { ResponseOf } from '../../protocol/action/define-action.ts';

/** Milliseconds for a probe. An event loop is blocked for at most 10 seconds by one request; the answer comes late, and its probe counts until then. */
const PROBE_MS = 12_000;

/** Upper bound on the probes of one socket that wait for answers; those beyond it become one, which is sent when the last is answered. */
const MAX_PROBES = 4;

/** Longest id of a node that is remembered, in characters. */
const MAX_ID_CHARACTERS = 256;

/** What a probe needs of a connection. */
export interface ProbedChannel {
  readonly state: 'open' | 'draining' | 'closed';
  /** Fires when the connection is over; it stands for the connection. */
  readonly ended: AbortSignal;
  /** Writes answers on it. */
  readonly answerer: object;
  call(action: typeof transportHandshake, request: object, options: { timeoutMs: number }): Promise<ResponseOf<typeof transportHandshake>>;
}

/** One connection of a node, which is asked whether its event loop is free: nodes answer the transport handshake on the loop itself. */
export class NodeSocket {
  readonly channel: ProbedChannel;
  #probeCount = 0;
  /** The probe sent last. */
  #latest: Promise<boolean> | null = null;
  /** The probe that is sent next. */
  #next: Promise<boolean> | null = null;

  constructor(channel: ProbedChannel) {
    this.channel = channel;
  }

  /** False once the connection takes no calls. */
  get isOpen(): boolean {
    return this.channel.state === 'open';
  }

  /**
   * Sends a probe. The answer to an earlier one says nothing: it may have left before the loop was blocked.
   *
   * @returns whether the node answered, even if with an error; never rejects
   */
  probe(): Promise<boolean> {
    if (this.#latest === null || this.#probeCount < MAX_PROBES) return (this.#latest = this.#send());
    this.#next ??= this.#latest.then(() => {
      this.#next = null;
      return (this.#latest = this.#send());
    });
    return this.#next;
  }

  async #send(): Promise<boolean> {
    this.#probeCount++;
    try {
      await this.channel.call(transportHandshake, {}, { timeoutMs: PROBE_MS });
      return true;
    } catch (error) {
      return error instanceof RemoteError;
    } finally {
      this.#probeCount--;
    }
  }

  /** Asks the peer who it is. @returns null if it does not say; never rejects */
  async identify(): Promise<string | null> {
    try {
      const { discoveryNode } = await this.channel.call(transportHandshake, {}, { timeoutMs: PROBE_MS });
      if (discoveryNode === null) return null;
      const { id, ephemeralId } = discoveryNode;
      return id.length > MAX_ID_CHARACTERS || ephemeralId.length > MAX_ID_CHARACTERS ? null : `${id.length} ${id} ${ephemeralId}`;
    } catch {
      return null;
    }
  }
}
