import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { pinned } from './pin.ts';

const ANSWER_MS = 60_000;
const CLOSE_MS = 3_000;

/** Options for starting a process of a bench. */
export interface ChildOptions {
  /** The end it plays, which decides its core; also its name in messages. */
  readonly end: 'client' | 'server';
  /** Script in this folder. */
  readonly script: string;
  /** Its start argument, passed as JSON. */
  readonly argument: unknown;
  /** Flags of Node. */
  readonly flags: readonly string[];
  /** Whether it runs on the core of its end alone, where the system can do that. @default true */
  readonly isPinned?: boolean;
}

/** A question of the runner. */
export interface Ask {
  readonly question: string;
  readonly argument: unknown;
}

/** The reply to a question: an answer, or an error. */
export type Reply = { readonly to: string; readonly value: unknown } | { readonly error: string };

/** A process of a bench. It answers the questions of `Answers`, one at a time. It sends `ready` once by itself, and answers `close` by ending. */
export class Child<Answers extends { ready: unknown; close: unknown }> {
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #exited: Promise<void>;
  #failure: Error | null = null;
  #wake: (() => void) | null = null;
  #reply: { readonly to: string; readonly value: unknown } | null = null;

  constructor({ end, script, argument, flags, isPinned = true }: ChildOptions) {
    this.#name = end;
    const path = fileURLToPath(new URL(script, import.meta.url));
    const plain = [process.execPath, ...flags, path, JSON.stringify(argument)] as const;
    const [command, ...args] = isPinned ? pinned(end, plain) : plain;
    this.#process = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#process.on('message', (reply: Reply) => this.#received(reply));
    this.#process.on('error', (error) => this.#failed(error));
    this.#exited = new Promise((resolve) => {
      this.#process.on('exit', (code, signal) => {
        this.#failed(new Error(`the ${end} ended (${signal ?? code})`));
        resolve();
      });
    });
  }

  /** The process id; 0 if the process could not be started. */
  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Asks a question and waits for the answer. @throws Error if the process failed, ended or did not answer in time */
  async ask<Q extends keyof Answers & string>(question: Q, argument: unknown = null, timeoutMs: number = ANSWER_MS): Promise<Answers[Q]> {
    if (question !== 'ready') {
      this.#reply = null;
      if (this.#process.connected) this.#process.send({ question, argument } satisfies Ask);
    }
    const timer = setTimeout(
      () => this.#failed(new Error(`the ${this.#name} did not answer '${question}' within ${timeoutMs} ms`)),
      timeoutMs,
    );
    try {
      return (await this.#answer(question)) as Answers[Q];
    } finally {
      clearTimeout(timer);
    }
  }

  /** Asks the process to end, and kills it if it does not. */
  async close(): Promise<void> {
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), CLOSE_MS);
    if (this.#process.connected) this.#process.send({ question: 'close', argument: null } satisfies Ask, () => {});
    if (this.pid !== 0) await this.#exited;
    clearTimeout(timer);
  }

  async #answer(question: string): Promise<unknown> {
    for (;;) {
      const reply = this.#reply as { readonly to: string; readonly value: unknown } | null;
      if (reply?.to === question) return reply.value;
      if (this.#failure !== null) throw this.#failure;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #received(reply: Reply): void {
    if ('error' in reply) return this.#failed(new Error(`${this.#name}: ${reply.error}`));
    this.#reply = reply;
    this.#wake?.();
  }

  #failed(error: Error): void {
    this.#failure ??= error;
    this.#wake?.();
  }
}
