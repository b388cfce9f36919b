import { TransportError, UsageError } from '../../protocol/error/transport-error.ts';
import type { Endpoint } from '../../transport/carrier/link.ts';
import type { Server } from '../../transport/server/server.ts';
import { waitUntil } from '../../transport/util/deadline-wheel.ts';
import { type InitializeOptions, initializeTargets } from '../initialize/initialize-options.ts';
import type { HostNode } from '../node/host-node.ts';
import {
  type PlainError,
  SUPERVISED_VARIABLE,
  type SupervisorMessage,
  unwrapped,
  type WorkerMessage,
  workerRegistered,
  wrapped,
} from './messages.ts';

/** Time for the supervisor to listen, in milliseconds. */
const LISTEN_MS = 30_000;

/** Time for messages to the supervisor and back, in milliseconds. */
const SLACK_MS = 5_000;

/** Where and how an extension would listen without a supervisor. */
export interface WantedAddress {
  readonly port: number;
  readonly host?: string;
  readonly carrier: string;
}

/** What waits for a message of the supervisor. */
interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The supervisor of this process, as its extension sees it: it listens in the place of the extension, and does once what a node accepts once only. The process ends
 * when its supervisor does.
 */
export class Supervision {
  readonly #waiting = new Map<number | 'listening', Waiting>();
  #nextId = 1;
  #isTaken = false;

  constructor() {
    process.on('message', (received) => {
      const message = unwrapped<SupervisorMessage>(received);
      if (message !== null) this.#settle(message);
    });
    // Without a supervisor there are no nodes.
    process.once('disconnect', () => process.exit());
    // The extension's listening keeps the process alive; when it is closed the process may end.
    process.channel?.unref();
  }

  /**
   * Listens on a free local port, and has the supervisor listen where the extension wants to.
   *
   * @returns the address of the supervisor
   * @throws ERR_USAGE for a second extension in this process, what listening failed with in the supervisor
   */
  async listen(server: Server, { port, host, carrier }: WantedAddress): Promise<Endpoint> {
    if (this.#isTaken)
      throw new UsageError(
        'ERR_USAGE',
        {},
        'a supervised file can have one extension that listens; put the other one in a file of its own',
      );
    this.#isTaken = true;
    const local = await server.listen({ port: 0, host: '127.0.0.1' });
    const wanted = host === undefined ? { port } : { port, host };
    return this.#await<Endpoint>('listening', LISTEN_MS, { kind: 'listen', wanted, carrier, local });
  }

  /**
   * Has the supervisor initialise the extension: it does so once for all workers, and again when a node comes back.
   *
   * @throws as {@link Extension.initialize}
   */
  async initialize(urls: string | readonly string[], options: InitializeOptions): Promise<void> {
    // Here as well: IPC turns what is not JSON into something else.
    const targets = initializeTargets(urls, options);
    const { signal, ...plain } = options;
    signal?.throwIfAborted();
    const waitMs = Math.max(...targets.map(({ timeoutMs }) => timeoutMs)) + SLACK_MS;
    const id = this.#nextId++;
    const answer = this.#await<unknown>(id, waitMs, { kind: 'initialize', id, urls, options: plain });
    const giveUp = (): void =>
      this.#settle({ kind: 'reply', id, error: { code: 'ERR_CANCELLED', message: 'the initialisation was cancelled' } });
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      await answer;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  /** Tells the supervisor that the extension has registered everything with a node, or what was refused. Never throws. */
  async registered({ channel, registration: { error } }: HostNode): Promise<void> {
    const refused: PlainError | null = error === undefined ? null : { code: error.code, message: error.message };
    try {
      await channel.call(workerRegistered, Buffer.from(refused === null ? '' : JSON.stringify(refused)), { timeoutMs: SLACK_MS });
    } catch {
      // The connection has ended, and the supervisor knows that.
    }
  }

  #await<Result>(key: number | 'listening', timeoutMs: number, message: WorkerMessage): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      const stop = waitUntil(timeoutMs, () => {
        this.#waiting.delete(key);
        reject(new TransportError('ERR_DEADLINE', {}, `the supervisor did not answer '${message.kind}' within ${timeoutMs} ms`));
      });
      this.#waiting.set(key, {
        resolve: (value) => {
          stop();
          resolve(value);
        },
        reject: (error) => {
          stop();
          reject(error);
        },
      });
      process.send?.(wrapped(message));
    });
  }

  #settle(message: SupervisorMessage): void {
    const key = message.kind === 'listening' ? 'listening' : message.id;
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) return;
    this.#waiting.delete(key);
    if ('error' in message) waiting.reject(toError(message.error));
    else waiting.resolve((message.kind === 'listening' ? message.endpoint : undefined) as never);
  }
}

function toError({ code, message }: PlainError): Error {
  return code === null ? new Error(message) : new TransportError(code as never, {}, message);
}

let known: Supervision | null | undefined;

/** Returns the supervisor that has started this process, or null. Processes that this one starts do not inherit it. */
export function supervision(): Supervision | null {
  if (known !== undefined) return known;
  const isSupervised = process.env[SUPERVISED_VARIABLE] !== undefined && process.send !== undefined;
  delete process.env[SUPERVISED_VARIABLE];
  known = isSupervised ? new Supervision() : null;
  return known;
}
