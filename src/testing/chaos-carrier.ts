import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionLostError, UsageError } from '../protocol/error/transport-error.ts';
import { formatEndpoint } from '../transport/carrier/endpoint.ts';
import type { Carrier, Link, LinkAcceptor, LinkSink } from '../transport/carrier/link.ts';
import { seededRandom } from './seeded-random.ts';

/** What happens to the bytes that a link receives. Every link of a chaos carrier follows the faults as they are at the moment. */
export interface ChaosFaults {
  /** Cuts what arrives into pieces of 1 to so many bytes. @default no cuts */
  readonly maxPieceBytes?: number;
  /** Holds every piece back for up to so many milliseconds. Their order stays the same. @default 0 */
  readonly maxDelayMs?: number;
  /** Drops everything behind the first so many bytes of a link, which stays open: a peer that has fallen silent. @default nothing is dropped */
  readonly silentAfterBytes?: number;
  /** Breaks the link when so many bytes have arrived: a connection that was reset. @default never */
  readonly resetAfterBytes?: number;
}

/** Options of {@link chaosCarrier}. */
export interface ChaosOptions extends ChaosFaults {
  /** Makes cuts and delays repeatable. @default 1 */
  readonly seed?: number;
}

/** A carrier that disturbs its links. */
export interface ChaosCarrier extends Carrier {
  /** Links that are open. */
  readonly linkCount: number;
  /** Replaces the faults, for links that exist, too. @throws ERR_USAGE */
  setFaults(faults: ChaosFaults): void;
  /** Breaks every open link now, as if it had been reset. */
  resetLinks(): void;
}

/** Bytes that a link holds back before it stops reading. */
const MAX_HELD_BYTES = 256 * 1024;

/**
 * Returns a carrier that disturbs what its links receive: it cuts, delays, drops and resets. The same seed makes the same cuts.
 *
 * @param carrier carries the bytes
 * @throws ERR_USAGE for a number that is negative
 * @example
 * const chaos = chaosCarrier(tcp(), { maxPieceBytes: 7, maxDelayMs: 5 });
 * const client = createClient({ nodes: ['127.0.0.1:9300'], carrier: chaos });
 * chaos.resetLinks();
 */
export function chaosCarrier(carrier: Carrier, options: ChaosOptions = {}): ChaosCarrier {
  const { seed = 1, ...first } = options;
  const random = seededRandom(seed);
  const links = new Set<ChaosLink>();
  let faults = checked(first);
  const disturbed =
    (accept: LinkAcceptor): LinkAcceptor =>
    (link) => {
      const chaos = new ChaosLink(
        link,
        () => faults,
        random,
        () => links.delete(chaos),
      );
      links.add(chaos);
      return chaos.begin(accept);
    };
  return {
    name: `${carrier.name} with faults`,
    get linkCount() {
      return links.size;
    },
    setFaults: (next) => void (faults = checked(next)),
    resetLinks: () => {
      for (const link of links) link.reset();
    },
    dial: (endpoint, accept, dialOptions) => carrier.dial(endpoint, disturbed(accept), dialOptions),
    listen: (listenOptions, accept, onError) => carrier.listen(listenOptions, disturbed(accept), onError),
  };
}

function checked(faults: ChaosFaults): ChaosFaults {
  for (const [name, value] of Object.entries(faults)) {
    if (value !== undefined && !(value >= 0)) throw new UsageError('ERR_USAGE', {}, `${name} must be a number >= 0, got ${String(value)}`);
  }
  return faults;
}

/** One link, and what becomes of the bytes that it receives. */
class ChaosLink {
  readonly #link: Link;
  readonly #faults: () => ChaosFaults;
  readonly #random: () => number;
  readonly #onOver: () => void;
  #sink: LinkSink | null = null;
  /** Pieces that have arrived and are not delivered. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  #arrivedBytes = 0;
  #isDelivering = false;
  #isPaused = false;
  /** True once the user of the link has ended it: what still arrives is dropped. */
  #isEnding = false;
  /** Resolves when the link is not paused any more. */
  #resumed: (() => void) | null = null;
  /** Set once the link below is over. */
  #end: { readonly error: Parameters<LinkSink['onClose']>[0] } | null = null;
  #isOver = false;

  constructor(link: Link, faults: () => ChaosFaults, random: () => number, onOver: () => void) {
    this.#link = link;
    this.#faults = faults;
    this.#random = random;
    this.#onOver = onOver;
  }

  /** Hands the link over; returns the receiver for the carrier below. */
  begin(accept: LinkAcceptor): LinkSink {
    this.#sink = accept(this.#withPauses());
    return {
      onBytes: (chunk) => this.#arrive(chunk),
      readTarget: () => null,
      onFilled: () => {},
      onDrain: () => this.#sink?.onDrain(),
      onClose: (error) => {
        this.#end ??= { error };
        if (!this.#isDelivering) this.#finish();
      },
    };
  }

  /** Breaks the link. */
  reset(): void {
    if (this.#isOver) return;
    const text = `the connection with ${formatEndpoint(this.#link.remote)} was reset on purpose`;
    this.#end = { error: new ConnectionLostError('ERR_CONNECTION_LOST', { scope: 'channel', delivery: 'maybe-sent' }, text) };
    this.#held = [];
    this.#link.abort();
    // A sink is never told within a call to its link.
    queueMicrotask(() => this.#finish());
  }

  /** The link itself, but for pausing, which holds back what has arrived, too. */
  #withPauses(): Link {
    const pause = (): void => {
      this.#isPaused = true;
      this.#link.pause();
    };
    const resume = (): void => {
      this.#isPaused = false;
      this.#resumed?.();
      if (this.#heldBytes < MAX_HELD_BYTES) this.#link.resume();
    };
    const endWith = (method: 'close' | 'abort') => (): void => {
      this.#held = [];
      this.#isEnding = true;
      this.#link[method]();
      this.#resumed?.();
    };
    const [close, abort] = [endWith('close'), endWith('abort')];
    return new Proxy(this.#link, {
      get: (target, key) => {
        if (key === 'pause') return pause;
        if (key === 'resume') return resume;
        if (key === 'close') return close;
        if (key === 'abort') return abort;
        const member: unknown = Reflect.get(target, key, target);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  }

  #arrive(chunk: Buffer): void {
    const { silentAfterBytes = Infinity, resetAfterBytes = Infinity } = this.#faults();
    const heard = Math.max(0, Math.min(chunk.length, silentAfterBytes - this.#arrivedBytes));
    this.#arrivedBytes += chunk.length;
    if (this.#arrivedBytes >= resetAfterBytes) return this.reset();
    if (heard === 0) return;
    this.#cut(Buffer.from(chunk.subarray(0, heard)));
    this.#heldBytes += heard;
    if (this.#heldBytes >= MAX_HELD_BYTES) this.#link.pause();
    if (!this.#isDelivering) void this.#deliver();
  }

  #cut(bytes: Buffer): void {
    const { maxPieceBytes = Infinity } = this.#faults();
    for (let at = 0; at < bytes.length; ) {
      const size = maxPieceBytes === Infinity ? bytes.length : 1 + Math.floor(this.#random() * Math.max(1, maxPieceBytes));
      this.#held.push(bytes.subarray(at, at + size));
      at += size;
    }
  }

  /** Delivers what is held, one piece after the other. */
  async #deliver(): Promise<void> {
    this.#isDelivering = true;
    for (let piece = this.#held.shift(); piece !== undefined; piece = this.#held.shift()) {
      const { maxDelayMs = 0 } = this.#faults();
      // Even without a delay other links have their turn between two pieces.
      await sleep(this.#random() * maxDelayMs);
      while (this.#isPaused && !this.#isOver && !this.#isEnding) await new Promise<void>((resolve) => (this.#resumed = resolve));
      if (this.#isOver) return;
      this.#hand(piece);
      if (!this.#isPaused && this.#heldBytes < MAX_HELD_BYTES) this.#link.resume();
    }
    this.#isDelivering = false;
    if (this.#end !== null) this.#finish();
  }

  /** Hands a piece to the sink: into the memory it wants filled, as far as there is room. What is left when the sink pauses is held on. */
  #hand(piece: Buffer): void {
    const sink = this.#sink as LinkSink;
    let rest = piece;
    while (rest.length > 0 && !this.#isEnding && !this.#isPaused) {
      const target = sink.readTarget();
      const size = target === null || target.length === 0 ? rest.length : rest.copy(target);
      this.#heldBytes -= size;
      const given = rest.subarray(0, size);
      rest = rest.subarray(size);
      if (target === null || target.length === 0) sink.onBytes(given);
      else sink.onFilled(size);
    }
    if (rest.length === 0) return;
    if (this.#isEnding) this.#heldBytes -= rest.length;
    else this.#held.unshift(rest);
  }

  #finish(): void {
    if (this.#isOver || this.#end === null) return;
    this.#isOver = true;
    this.#onOver();
    this.#resumed?.();
    this.#sink?.onClose(this.#end.error);
  }
}
