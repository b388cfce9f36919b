import { type ChildProcess, fork } from 'node:child_process';
import { EnvironmentError } from '../../protocol/error/transport-error.ts';
import { waitUntil } from '../../transport/util/deadline-wheel.ts';
import {
  type InitializeMessage,
  type ListenMessage,
  SUPERVISED_VARIABLE,
  type SupervisorMessage,
  unwrapped,
  type WorkerMessage,
  wrapped,
} from './messages.ts';

/** Time for a worker to end after SIGTERM, in milliseconds; then it is killed. */
const TERM_MS = 2_000;

/** Characters of a worker's stderr that are kept for the event that says why it failed. */
const KEPT_OUTPUT = 4_096;

/** How a worker process is started. */
export interface WorkerProcessOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly execArgv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly output: 'inherit' | 'ignore';
  readonly onListen: (message: ListenMessage) => void;
  readonly onInitialize: (message: InitializeMessage) => void;
  readonly onExit: (exit: WorkerExit) => void;
}

/** How a worker ended. */
export interface WorkerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it wrote to stderr last. */
  readonly output: string;
}

/** A process that runs the file of an extension. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  #output = '';
  #hasExited = false;

  constructor({ file, args, execArgv, env, output, onListen, onInitialize, onExit }: WorkerProcessOptions) {
    const stdout = output === 'inherit' ? 'inherit' : 'ignore';
    const child = fork(file, args, {
      execArgv: [...execArgv],
      env: { ...process.env, ...env, [SUPERVISED_VARIABLE]: '1' },
      stdio: ['ignore', stdout, 'pipe', 'ipc'],
    });
    this.#child = child;
    child.on('message', (received) => {
      const message = unwrapped<WorkerMessage>(received);
      if (message?.kind === 'listen') onListen(message);
      else if (message?.kind === 'initialize') onInitialize(message);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#output = (this.#output + chunk.toString('utf8')).slice(-KEPT_OUTPUT);
      if (output === 'inherit') process.stderr.write(chunk);
    });
    this.#exited = new Promise((resolve) => {
      const over = (code: number | null, signal: NodeJS.Signals | null): void => {
        if (this.#hasExited) return;
        this.#hasExited = true;
        onExit({ code, signal, output: this.#output });
        resolve();
      };
      child.once('exit', (code, signal) => over(code, signal));
      child.on('error', (error) => {
        this.#output += `${error.message}\n`;
        // Without a process there is no exit.
        if (child.pid === undefined) over(null, null);
      });
    });
  }

  /** Undefined if it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  send(message: SupervisorMessage): void {
    // One that is ending has no channel any more, and its exit is told.
    if (this.#child.connected) this.#child.send(wrapped(message), () => undefined);
  }

  /** Ends the process with SIGTERM, and kills it if it does not end. Resolves when it has ended. */
  async end(): Promise<void> {
    if (this.#hasExited) return;
    this.#child.kill('SIGTERM');
    const stop = waitUntil(TERM_MS, () => this.kill());
    await this.#exited;
    stop();
  }

  /** Kills the process. */
  kill(): void {
    if (!this.#hasExited) this.#child.kill('SIGKILL');
  }
}

/** Returns the error for a worker that ended before it served. */
export function startError({ code, signal, output }: WorkerExit): EnvironmentError {
  const how = signal === null ? `with code ${code}` : `by ${signal}`;
  const reason = /^(?:\w*Error\b.*|\w+ \[ERR_\w+\].*)$/m.exec(output)?.[0];
  const where = /^(?:file:\/\/)?(\/\S+:\d+)$/m.exec(output)?.[1];
  const unlistening = code === 0 ? '; the file must make an extension and call its listen()' : '';
  const text = reason === undefined ? unlistening : `: ${reason}${where === undefined ? '' : ` (${where})`}`;
  return new EnvironmentError('ERR_ENVIRONMENT', {}, `the worker ended ${how} before it listened${text}`);
}
