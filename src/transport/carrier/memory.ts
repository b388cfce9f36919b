import { setImmediate } from 'node:timers/promises';
import { DialError } from '../../protocol/error/transport-error.ts';
import { checkOptions, isTimer, must, type OptionChecks } from '../util/check-options.ts';
import { assertDialable, dialCancelled } from './dialling.ts';
import { formatEndpoint } from './endpoint.ts';
import type { Carrier, DialOptions, Endpoint, Link, LinkAcceptor, Listener, ListenOptions } from './link.ts';
import { type MemoryEnd, MemoryLink, type MemoryLinkOptions } from './memory-link.ts';
import { bindEndpoint } from './socket-listening.ts';
import { DEFAULT_LINGER_MS } from './stream-capabilities.ts';

/** Where free ports begin, as with TCP. */
const FIRST_FREE_PORT = 49_152;
const LAST_PORT = 65_535;
const DEFAULT_CHUNK_BYTES = 64 * 1024;

/** Options of {@link memoryCarrier}. */
export interface MemoryCarrierOptions {
  /** Largest piece delivered at once, in bytes; 1 shows a parser every split there is. @default 65_536 */
  readonly chunkBytes?: number;
  /** Time that `close()` gives the peer to read queued bytes, in milliseconds; then the link is aborted. @default 5_000 */
  readonly lingerMs?: number;
}

const CHECKS: OptionChecks<MemoryCarrierOptions> = {
  chunkBytes: must('an integer >= 1', (value) => Number.isInteger(value) && (value as number) >= 1),
  lingerMs: isTimer,
};

/**
 * A medium within the process, for tests and for ends in one process. Each carrier has ports of its own, and hosts make no difference. Bytes arrive in later turns of the event loop, never within `write`.
 *
 * @throws ERR_CONFIG for a bad option
 */
export function memoryCarrier(options: MemoryCarrierOptions = {}): Carrier {
  checkOptions('memoryCarrier()', options, CHECKS);
  const { chunkBytes = DEFAULT_CHUNK_BYTES, lingerMs = DEFAULT_LINGER_MS } = options;
  return new MemoryCarrier({ chunkBytes, lingerMs });
}

class MemoryCarrier implements Carrier {
  readonly name = 'memory';
  readonly #link: MemoryLinkOptions;
  readonly #listeners = new Map<number, MemoryEnd>();
  #lastFreePort = LAST_PORT;

  constructor(link: MemoryLinkOptions) {
    this.#link = link;
  }

  async dial(endpoint: Endpoint, accept: LinkAcceptor, options: DialOptions = {}): Promise<Link> {
    assertDialable(endpoint, options);
    await setImmediate();
    if (options.signal?.aborted) throw dialCancelled(endpoint, options.signal);
    const listener = this.#listeners.get(endpoint.port);
    if (!listener)
      throw new DialError(
        'ERR_DIAL',
        {},
        `cannot connect to ${formatEndpoint(endpoint)}: there is no listener on this port of the memory carrier`,
      );
    const local = { host: listener.endpoint.host, port: this.#freePort() };
    return MemoryLink.pair([{ endpoint: local, accept }, listener], this.#link);
  }

  async listen(options: ListenOptions, accept: LinkAcceptor): Promise<Listener> {
    const { host, port: wanted } = bindEndpoint(options);
    const endpoint = { host, port: wanted === 0 ? this.#freePort() : wanted };
    const { port } = endpoint;
    if (this.#listeners.has(port)) {
      throw new DialError('ERR_ADDRESS_IN_USE', {}, `cannot listen on ${formatEndpoint(endpoint)}: port ${port} is already in use`);
    }
    const end = { endpoint, accept };
    this.#listeners.set(port, end);
    const close = async (): Promise<void> => {
      if (this.#listeners.get(port) === end) this.#listeners.delete(port);
    };
    return { endpoint, close };
  }

  /** Goes round, so that a port is not soon used again. */
  #freePort(): number {
    for (let tried = FIRST_FREE_PORT; tried <= LAST_PORT; tried++) {
      this.#lastFreePort = this.#lastFreePort === LAST_PORT ? FIRST_FREE_PORT : this.#lastFreePort + 1;
      if (!this.#listeners.has(this.#lastFreePort)) return this.#lastFreePort;
    }
    throw new DialError('ERR_ADDRESS_IN_USE', {}, 'cannot find a free port: all ports of this memory carrier are taken');
  }
}
