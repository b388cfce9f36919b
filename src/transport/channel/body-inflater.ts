import { FrameError } from '../../protocol/error/transport-error.ts';
import { type Inflated, inflateBody, INFLATED_AT_ONCE_BYTES, type InflationLimits } from '../../protocol/frame/native/compression.ts';
import { STATUS } from '../../protocol/frame/native/fixed-header.ts';
import { COST_PER_BYTE } from '../../protocol/wire/allowance.ts';
import type { WireLimits } from '../../protocol/wire/limits.ts';
import type { StreamInput } from '../../protocol/wire/stream-input.ts';
import { freeMemory } from '../util/free-memory.ts';
import { background } from './background-queue.ts';
import type { ChannelLife } from './channel-life.ts';
import type { ReadGate } from './read-gate.ts';

/** Longest compressed answer of which the beginning is inflated although no call waits for it. */
const MAX_STRAY_BYTES = 4 * 1024;

/** Bytes that are inflated at once in one turn of the event loop, over all channels. Beyond them small bodies take turns as large ones do. */
const AT_ONCE_PER_TURN_BYTES = 8 * INFLATED_AT_ONCE_BYTES;

/** What a smaller body counts for: zlib has to be set up. */
const LEAST_SPENT_BYTES = 1024;

/** What is left of {@link AT_ONCE_PER_TURN_BYTES} in this turn of the event loop. */
let leftAtOnce = AT_ONCE_PER_TURN_BYTES;

/** An inflated body of at least so many bytes has memory of its own, which is freed as soon as it was read. */
const FREED_BYTES = 4 * 1024 * 1024;

/** Inflates the bodies that a channel receives: small ones at once, others in the thread pool. */
export class BodyInflater {
  /** Bodies that are inflated in the background: 1 at most, because nothing is read meanwhile. */
  count = 0;
  readonly #life: ChannelLife;
  readonly #gate: ReadGate;
  readonly #limits: InflationLimits;

  constructor(life: ChannelLife, gate: ReadGate, limits: WireLimits) {
    this.#life = life;
    this.#gate = gate;
    this.#limits = limits;
  }

  /**
   * Inflates at once, or in the background. Then nothing more is read until it is done, so that no peer can have many large bodies under way.
   *
   * @param isRequest true for the body of a request: it waits up to a second while its host owes for others
   * @param isOwned false if the memory of the body is used again when this returns
   * @param done called once, also when the channel ends meanwhile
   */
  inflate(body: Buffer, isRequest: boolean, isOwned: boolean, done: Inflated): void {
    const kept = isOwned ? body : Buffer.from(body);
    const isAtOnce = leftAtOnce > 0 && !(isRequest && background.isInDebt(this.#life, body.length));
    const limits = isAtOnce ? this.#limits : { ...this.#limits, atOnceBytes: 0 };
    let isDone = false;
    let isWaiting = false;
    const finish: Inflated = (error, inflated) => {
      isDone = true;
      if (isWaiting) this.count--;
      else spend(inflated.length);
      done(error, inflated);
      if (isWaiting) this.#gate.resume();
    };
    inflateBody(kept, limits, finish, (work) => {
      if (isRequest) background.enterRequest(this.#life, work);
      else background.enter(this.#life, work);
    });
    if (isDone) return;
    isWaiting = true;
    this.count++;
    this.#gate.pause();
  }

  /**
   * Notes what a request that was inflated cost to read. A host whose requests cost far more than as many plain bytes could waits with the next ones.
   *
   * @param bodyBytes of its compressed body
   * @param cost what is `spent` of the input that was read: all that is allowed if the request was refused for it, because inflating it was work too
   */
  charge(bodyBytes: number, cost: number): void {
    background.charge(this.#life, bodyBytes, cost - COST_PER_BYTE * bodyBytes);
  }
}

/** Frees a large inflated body that has been read, unless what was read of it is a view of it. */
export function freeInflated(body: Buffer, input: StreamInput): void {
  if (body.length >= FREED_BYTES && !input.lent) freeMemory(body);
}

function spend(bytes: number): void {
  if (leftAtOnce === AT_ONCE_PER_TURN_BYTES) {
    setImmediate(() => {
      leftAtOnce = AT_ONCE_PER_TURN_BYTES;
    });
  }
  leftAtOnce -= Math.max(bytes, LEAST_SPENT_BYTES);
}

/** Returns whether an answer that no call waits for is checked. */
export function isCheckedStray(status: number, bodyBytes: number): boolean {
  return (status & STATUS.compressed) !== 0 && bodyBytes <= MAX_STRAY_BYTES;
}

/**
 * Checks an answer that no call waits for: inflates its beginning, unless much was inflated in this turn of the event loop.
 *
 * @throws ERR_COMPRESSION if it is corrupt
 */
export function checkStray(body: Buffer): void {
  if (leftAtOnce <= 0) return;
  const limits = { maxInflatedBytes: INFLATED_AT_ONCE_BYTES, maxInflationRatio: Number.POSITIVE_INFINITY };
  inflateBody(body, limits, (error, inflated) => {
    spend(inflated.length);
    if (error instanceof FrameError) throw error;
  });
}
