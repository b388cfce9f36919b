import { ConnectionLostError } from '../../protocol/error/transport-error.ts';
import { formatEndpoint } from '../../transport/carrier/endpoint.ts';
import type { Carrier, Link, LinkAcceptor, LinkSink } from '../../transport/carrier/link.ts';
import { checkOptions, isBoolean, isTimer, must } from '../../transport/util/check-options.ts';
import { DelayedLine, type LinkFaults } from './delayed-line.ts';

/** Bytes on their way to a sink from which on the link stops reading. */
const MAX_HELD_BYTES = 1024 * 1024;

/** Bytes on their way to the peer from which on the writer should wait. */
const MAX_UNSENT_BYTES = 64 * 1024;

const isRate = must('a number of bytes > 0', (value) => typeof value === 'number' && value > 0);

const FAULT_CHECKS = { drop: isBoolean, delayMs: isTimer, bytesPerSecond: isRate };

/**
 * The faults of the connections between a node and its extensions, for testing extensions.
 *
 * @example
 * node.faults.set({ delayMs: 200 });
 * node.faults.reset();
 */
export class ExtensionFaults {
  readonly #links = new Set<FaultyLink>();
  #faults: LinkFaults = {};

  /** The faults as they are. */
  get current(): LinkFaults {
    return this.#faults;
  }

  /** Replaces the faults, on open connections, too; `{}` ends them. What is on its way keeps its delay. @throws ERR_CONFIG for a bad value */
  set(faults: LinkFaults): void {
    checkOptions('the faults of a node', faults, FAULT_CHECKS);
    this.#faults = { ...faults };
  }

  /** Breaks every open connection to an extension now, as a network would. A node does not connect again. */
  reset(): void {
    for (const link of this.#links) link.reset();
  }

  /** @internal Returns a carrier whose links have the faults. */
  on(carrier: Carrier): Carrier {
    return {
      name: carrier.name,
      dial: (endpoint, accept, options) => carrier.dial(endpoint, this.#disturbed(accept), options),
      listen: (options, accept, onError) => carrier.listen(options, this.#disturbed(accept), onError),
    };
  }

  #disturbed(accept: LinkAcceptor): LinkAcceptor {
    return (link) => {
      const faulty = new FaultyLink(
        link,
        () => this.#faults,
        () => this.#links.delete(faulty),
      );
      this.#links.add(faulty);
      return faulty.begin(accept);
    };
  }
}

/** One link and what is on its way in both directions. */
class FaultyLink {
  readonly #link: Link;
  readonly #faults: () => LinkFaults;
  readonly #onOver: () => void;
  readonly #out: DelayedLine;
  readonly #in: DelayedLine;
  #sink: LinkSink | null = null;
  #isPaused = false;
  /** The link below has not drained since it said that it should. */
  #isFull = false;
  #isClosing = false;
  #isOver = false;
  #end: { readonly error: Parameters<LinkSink['onClose']>[0] } | null = null;

  constructor(link: Link, faults: () => LinkFaults, onOver: () => void) {
    this.#link = link;
    this.#faults = faults;
    this.#onOver = onOver;
    this.#out = new DelayedLine(
      faults,
      (bytes, onGone) => this.#pass(bytes, onGone),
      () => this.#onWritten(),
    );
    this.#in = new DelayedLine(
      faults,
      (bytes) => this.#hand(bytes),
      () => this.#onDelivered(),
    );
  }

  /** Hands the link over; returns the receiver for the carrier below. */
  begin(accept: LinkAcceptor): LinkSink {
    this.#sink = accept(this.#disturbedLink());
    return {
      onBytes: (chunk) => this.#arrive(chunk),
      readTarget: () => (this.#isClean(this.#in) ? (this.#sink?.readTarget() ?? null) : null),
      onFilled: (count) => this.#sink?.onFilled(count),
      onDrain: () => {
        this.#isFull = false;
        this.#tellDrained();
      },
      onClose: (error) => {
        this.#end ??= { error };
        this.#onDelivered();
      },
    };
  }

  reset(): void {
    const text = `the connection with ${formatEndpoint(this.#link.remote)} was reset on purpose`;
    this.#end = { error: new ConnectionLostError('ERR_CONNECTION_LOST', { scope: 'channel', delivery: 'maybe-sent' }, text) };
    this.#out.clear();
    this.#in.clear();
    this.#link.abort();
    // A sink is never told within a call to its link.
    queueMicrotask(() => this.#finish());
  }

  /** The link itself, but for what the faults touch. */
  #disturbedLink(): Link {
    const own: Partial<Record<PropertyKey, unknown>> = {
      write: (bytes: Uint8Array, onWritten?: () => void) => this.#write(bytes, onWritten),
      pause: () => {
        this.#isPaused = true;
        this.#in.hold();
        this.#link.pause();
      },
      resume: () => {
        this.#isPaused = false;
        this.#in.release();
        if (!this.#isPaused && this.#in.bytes < MAX_HELD_BYTES) this.#link.resume();
      },
      close: () => {
        this.#isClosing = true;
        this.#in.clear();
        if (this.#out.bytes === 0) this.#link.close();
      },
      abort: () => {
        this.#in.clear();
        this.#out.clear();
        this.#link.abort();
      },
    };
    return new Proxy(this.#link, {
      get: (target, key) => {
        if (key === 'bufferedBytes') return target.bufferedBytes + this.#out.bytes;
        if (Object.hasOwn(own, key)) return own[key];
        const member: unknown = Reflect.get(target, key, target);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  }

  /** Whether bytes pass as if there were no faults. */
  #isClean(line: DelayedLine): boolean {
    const { drop = false, delayMs = 0, bytesPerSecond = Number.POSITIVE_INFINITY } = this.#faults();
    return !drop && delayMs === 0 && bytesPerSecond === Number.POSITIVE_INFINITY && line.bytes === 0;
  }

  #write(bytes: Uint8Array, onWritten: (() => void) | undefined): boolean {
    if (this.#isClean(this.#out)) return this.#link.write(bytes, onWritten);
    this.#out.push(bytes, onWritten);
    return this.#out.bytes + this.#link.bufferedBytes < MAX_UNSENT_BYTES;
  }

  /** Returns how many bytes were passed on: all of them. */
  #pass(bytes: Uint8Array, onGone: (() => void) | undefined): number {
    this.#isFull = !this.#link.write(bytes, onGone);
    return bytes.length;
  }

  #onWritten(): void {
    if (this.#isClosing) this.#link.close();
    else if (!this.#isFull) queueMicrotask(() => this.#tellDrained());
  }

  #tellDrained(): void {
    if (!this.#isOver && this.#out.bytes === 0) this.#sink?.onDrain();
  }

  #arrive(chunk: Buffer): void {
    if (this.#isClosing) return;
    if (!this.#isPaused && this.#isClean(this.#in)) {
      this.#sink?.onBytes(chunk);
      return;
    }
    this.#in.push(Buffer.from(chunk));
    if (this.#in.bytes >= MAX_HELD_BYTES) this.#link.pause();
  }

  /** Hands bytes to the sink, into the memory it wants filled, until it pauses. Returns how many. */
  #hand(bytes: Uint8Array): number {
    const sink = this.#sink;
    let rest = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    while (rest.length > 0 && !this.#isPaused) {
      if (sink === null || this.#isOver || this.#isClosing) return bytes.length;
      const target = sink.readTarget();
      const count = target === null || target.length === 0 ? rest.length : rest.copy(target);
      const given = rest.subarray(0, count);
      rest = rest.subarray(count);
      if (target === null || target.length === 0) sink.onBytes(given);
      else sink.onFilled(count);
    }
    return bytes.length - rest.length;
  }

  /** The end of the link comes behind what arrived before it. */
  #onDelivered(): void {
    if (this.#end !== null && (this.#in.bytes === 0 || this.#isClosing)) this.#finish();
    else if (!this.#isPaused && this.#end === null) this.#link.resume();
  }

  #finish(): void {
    if (this.#isOver || this.#end === null) return;
    this.#isOver = true;
    this.#onOver();
    this.#out.clear();
    this.#in.clear();
    this.#sink?.onClose(this.#end.error);
  }
}
