import { TransportError } from '../../protocol/error/transport-error.ts';
import { waitUntil } from '../../transport/util/deadline-wheel.ts';
import type { ListenMessage } from './messages.ts';
import type { NodeSession } from './node-session.ts';
import { WorkerConnection } from './worker-connection.ts';
import { startError, type WorkerExit, WorkerProcess, type WorkerProcessOptions } from './worker-process.ts';

/** What a worker needs, and whom it tells. */
export interface WorkerOptions extends Omit<WorkerProcessOptions, 'onListen' | 'onExit'> {
  /** Time to start, and again for each node to initialise it, in milliseconds. */
  readonly startTimeoutMs: number;
  /** Told when a node's requests can be given to the worker. */
  readonly onReady: (worker: Worker) => void;
  readonly onExit: (worker: Worker, exit: WorkerExit) => void;
  readonly onRejected: (session: NodeSession, error: TransportError) => void;
}

/** A worker: a process that runs the extension, with a connection to it for each node. */
export class Worker {
  readonly startedAt: number = performance.now();
  readonly #options: WorkerOptions;
  readonly #process: WorkerProcess;
  readonly #connections = new Map<NodeSession, WorkerConnection>();
  #listen: ListenMessage | null = null;
  #onStart: ((result: ListenMessage | Error) => void) | null = null;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#process = new WorkerProcess({
      ...options,
      onListen: (message) => {
        this.#listen = message;
        this.#onStart?.(message);
      },
      onExit: (exit) => {
        this.#closeAll();
        this.#onStart?.(startError(exit));
        options.onExit(this, exit);
      },
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get hasExited(): boolean {
    return this.#process.hasExited;
  }

  get send(): WorkerProcess['send'] {
    return this.#process.send.bind(this.#process);
  }

  /** Resolves when the file of the extension called `listen()`. @throws if the process ended before, or took too long */
  started(): Promise<ListenMessage> {
    const { startTimeoutMs } = this.#options;
    return new Promise((resolve, reject) => {
      const stop = waitUntil(startTimeoutMs, () => {
        this.#onStart?.(
          new TransportError('ERR_DEADLINE', {}, `the file did not call listen() of an extension within ${startTimeoutMs} ms`),
        );
      });
      this.#onStart = (result) => {
        this.#onStart = null;
        stop();
        if (result instanceof Error) reject(result);
        else resolve(result);
      };
    });
  }

  /** Connects the worker with a node. @throws what failed */
  async attach(session: NodeSession): Promise<void> {
    const listen = this.#listen;
    if (listen === null || this.#connections.has(session)) return;
    const { startTimeoutMs, onReady, onRejected } = this.#options;
    const connection = new WorkerConnection({
      session,
      local: listen.local,
      timeoutMs: startTimeoutMs,
      // A worker without a connection to one of its nodes is of no use to it.
      onLost: () => this.#process.kill(),
      onRejected,
    });
    this.#connections.set(session, connection);
    try {
      await connection.open();
    } catch (error) {
      if (this.#connections.get(session) !== connection) return;
      throw error;
    }
    onReady(this);
  }

  /** Returns the connection for the requests of a node, or null while there is none. */
  connectionOf(session: NodeSession): WorkerConnection | null {
    const connection = this.#connections.get(session);
    return connection?.isReady === true ? connection : null;
  }

  /** The node has gone: the worker sees its connection end. */
  detach(session: NodeSession): void {
    const connection = this.#connections.get(session);
    this.#connections.delete(session);
    connection?.abort();
  }

  /** Waits for requests in flight, then ends the process. */
  async drain(drainMs: number): Promise<void> {
    await Promise.all(Array.from(this.#connections.values(), (connection) => connection.drain(drainMs)));
    await this.#process.end();
  }

  /** Kills the process; requests in flight are lost. */
  kill(): void {
    this.#process.kill();
  }

  #closeAll(): void {
    const connections = Array.from(this.#connections.values());
    this.#connections.clear();
    for (const connection of connections) connection.abort();
  }
}
