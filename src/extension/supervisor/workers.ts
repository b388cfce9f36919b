import { TransportError } from '../../protocol/error/transport-error.ts';
import { backOffMs } from '../../transport/util/back-off.ts';
import type { InitializeMessage, ListenMessage } from './messages.ts';
import type { NodeSession } from './node-session.ts';
import type { CompleteOptions, SupervisorEvent } from './supervisor-options.ts';
import { Worker } from './worker.ts';
import type { WorkerConnection } from './worker-connection.ts';
import type { WorkerExit } from './worker-process.ts';

/** A worker that ran for so long is not part of a crash loop, in milliseconds. */
const SETTLED_MS = 5_000;

/** Waits between the starts of workers that end at once. */
const BACK_OFF = { baseMs: 200, maxMs: 5_000, random: () => 1 };

/** Milliseconds for workers to end when the supervisor does. */
const CLOSE_DRAIN_MS = 2_000;

/** What the workers need of their supervisor. */
export interface WorkersOptions extends CompleteOptions {
  readonly file: string;
  readonly sessions: () => Iterable<NodeSession>;
  /** Listens where the first worker wants to. @throws if that cannot be */
  readonly onListen: (worker: Worker, message: ListenMessage) => Promise<void>;
  readonly onInitialize: (worker: Worker, message: InitializeMessage) => void;
  /** Requests of some node can be given to a worker. */
  readonly onReady: () => void;
  readonly emit: (event: SupervisorEvent) => void;
}

/** The worker that serves, the one that starts, and those that are replaced. */
export class Workers {
  readonly #options: WorkersOptions;
  #current: Worker | null = null;
  #next: Worker | null = null;
  readonly #ending = new Set<Promise<void>>();
  #retry: NodeJS.Timeout | null = null;
  /** Workers that ended soon after their start, in a row. */
  #crashes = 0;
  #lastFailure: string | null = null;
  #lastOutput = '';
  #isClosed = false;

  constructor(options: WorkersOptions) {
    this.#options = options;
  }

  /** Process id of the worker that serves, or null. */
  get pid(): number | null {
    return this.#current?.pid ?? null;
  }

  /** Says why there is no worker. */
  get lack(): string {
    const why = this.#lastFailure === null ? '' : ` (${this.#lastFailure})`;
    return this.#current === null ? `no worker of the extension runs${why}` : 'the worker of the extension is not ready for this node';
  }

  connectionOf(session: NodeSession): WorkerConnection | null {
    return this.#current?.connectionOf(session) ?? null;
  }

  /**
   * Starts a worker and lets it take over once every node's requests can be given to it. A start that is under way is given up. Resolves when the worker serves, or
   * with the error why it does not.
   *
   * @param files that changed
   */
  async start(files: readonly string[] = []): Promise<TransportError | null> {
    if (this.#isClosed) return new TransportError('ERR_CLOSED', {}, 'the supervisor is closed');
    this.#cancelRetry();
    this.#next?.kill();
    const { onListen, sessions, emit } = this.#options;
    const worker = this.#createWorker();
    this.#next = worker;
    try {
      await onListen(worker, await worker.started());
      await Promise.all(Array.from(sessions(), (session) => worker.attach(session)));
      if (worker.hasExited) throw new TransportError('ERR_CONNECTION_LOST', {}, 'the worker ended while it was initialised');
    } catch (error) {
      const failure = TransportError.from(error);
      worker.kill();
      if (this.#next !== worker) return failure;
      this.#next = null;
      this.#lastFailure = failure.message;
      emit({ type: 'reloadFailed', error: failure, output: this.#lastOutput, files });
      // With a worker that serves, the next change of a file is waited for.
      this.#crashes++;
      if (this.#current === null) this.#startLater();
      return failure;
    }
    if (this.#next !== worker) return null;
    this.#takeOver(worker, files);
    return null;
  }

  #createWorker(): Worker {
    const { file, args, execArgv, env, output, startTimeoutMs, onInitialize, onReady, emit } = this.#options;
    const worker: Worker = new Worker({
      file,
      args,
      execArgv,
      env,
      output,
      startTimeoutMs,
      onInitialize: (message) => onInitialize(worker, message),
      onReady: () => {
        if (worker === this.#current) onReady();
      },
      onExit: (_worker, exit) => this.#onExit(worker, exit),
      onRejected: (session, error) => emit({ type: 'rejected', node: session.node, error }),
    });
    return worker;
  }

  #takeOver(worker: Worker, files: readonly string[]): void {
    const { emit, drainMs, onReady } = this.#options;
    const old = this.#current;
    this.#current = worker;
    this.#next = null;
    this.#lastFailure = null;
    const pid = worker.pid ?? 0;
    const tookMs = Math.round(performance.now() - worker.startedAt);
    emit({ type: 'workerStarted', pid, tookMs });
    if (old !== null) {
      emit({ type: 'reloaded', pid, tookMs, files });
      this.#end(old.drain(drainMs));
    }
    onReady();
  }

  #end(ended: Promise<void>): void {
    this.#ending.add(ended);
    void ended.finally(() => this.#ending.delete(ended));
  }

  #onExit(worker: Worker, { code, signal, output }: WorkerExit): void {
    this.#lastOutput = output;
    if (worker !== this.#current || this.#isClosed) return;
    this.#current = null;
    this.#crashes = performance.now() - worker.startedAt > SETTLED_MS ? 0 : this.#crashes + 1;
    this.#lastFailure = signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`;
    const restartInMs = this.#next === null ? this.#startLater() : 0;
    this.#options.emit({ type: 'workerExited', pid: worker.pid ?? 0, code, signal, restartInMs });
  }

  /** Returns the time until the start, in milliseconds. */
  #startLater(): number {
    const waitMs = this.#crashes <= 1 ? 0 : backOffMs(this.#crashes - 2, BACK_OFF);
    this.#cancelRetry();
    this.#retry = setTimeout(() => void this.start(), waitMs);
    return waitMs;
  }

  #cancelRetry(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
  }

  /** A node has initialised the extension. Resolves when the workers are connected with it; one that cannot be is ended. */
  async attach(session: NodeSession): Promise<void> {
    const attached = [this.#current, this.#next].map(async (worker) => {
      try {
        await worker?.attach(session);
      } catch (error) {
        this.#lastFailure = TransportError.from(error).message;
        worker?.kill();
      }
    });
    await Promise.all(attached);
  }

  /** A node has gone. */
  detach(session: NodeSession): void {
    this.#current?.detach(session);
    this.#next?.detach(session);
  }

  /** Ends every worker, at the latest after some seconds. */
  async close(drainMs: number = CLOSE_DRAIN_MS): Promise<void> {
    this.#isClosed = true;
    this.#cancelRetry();
    this.#next?.kill();
    if (this.#current !== null) this.#end(this.#current.drain(drainMs));
    await Promise.all(this.#ending);
  }

  /** Kills every worker now. */
  kill(): void {
    this.#isClosed = true;
    this.#cancelRetry();
    this.#next?.kill();
    this.#current?.kill();
  }
}
