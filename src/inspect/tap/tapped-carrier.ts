import type { Carrier, DialOptions, Endpoint, Link, LinkAcceptor, LinkSink } from '../../transport/carrier/link.ts';

/** Sees every byte of one link. @memory what it is given is borrowed */
export interface Tap {
  onSent(bytes: Buffer): void;
  onReceived(bytes: Buffer): void;
  onClosed(): void;
}

/** Makes the tap of a new link. */
export type CreateTap = (link: Link) => Tap;

/** Returns a carrier that shows every byte of its dialled links to a tap. */
export function tappedCarrier(carrier: Carrier, createTap: CreateTap): Carrier {
  return {
    name: carrier.name,
    dial: (endpoint: Endpoint, accept: LinkAcceptor, options?: DialOptions) =>
      carrier.dial(endpoint, tappedAcceptor(accept, createTap), options),
    listen: (options, accept, onError) => carrier.listen(options, accept, onError),
  };
}

function tappedAcceptor(accept: LinkAcceptor, createTap: CreateTap): LinkAcceptor {
  return (link) => {
    const tap = createTap(link);
    return new TappedSink(accept(tappedLink(link, tap)), tap);
  };
}

/** The link itself, but for `write`. */
function tappedLink(link: Link, tap: Tap): Link {
  return new Proxy(link, {
    get: (target, key) => {
      if (key === 'write') {
        return (bytes: Uint8Array, onWritten?: () => void): boolean => {
          tap.onSent(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
          return target.write(bytes, onWritten);
        };
      }
      const member: unknown = Reflect.get(target, key, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

class TappedSink implements LinkSink {
  readonly #sink: LinkSink;
  readonly #tap: Tap;
  #target: Buffer | null;

  constructor(sink: LinkSink, tap: Tap) {
    this.#sink = sink;
    this.#tap = tap;
    this.#target = null;
  }

  onBytes(chunk: Buffer): void {
    this.#tap.onReceived(chunk);
    this.#sink.onBytes(chunk);
  }

  readTarget(): Buffer | null {
    this.#target = this.#sink.readTarget();
    return this.#target;
  }

  onFilled(count: number): void {
    if (this.#target !== null) this.#tap.onReceived(this.#target.subarray(0, count));
    this.#sink.onFilled(count);
  }

  onDrain(): void {
    this.#sink.onDrain();
  }

  onClose(...args: Parameters<LinkSink['onClose']>): void {
    this.#tap.onClosed();
    this.#sink.onClose(...args);
  }
}
