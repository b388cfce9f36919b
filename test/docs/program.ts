import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from './markdown.ts';

/** A program that runs, with what it has said so far. */
export class Program implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number>;
  readonly #name: string;
  #output = '';
  #errors = '';

  /** Starts a program in the root of the repository. It is killed when it takes longer than the deadline. */
  constructor(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}, deadlineMs = 120_000) {
    this.#name = [command, ...args].join(' ');
    this.#child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: deadlineMs,
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
    this.#ended = once(this.#child, 'close').then(([code, signal]: (number | string | null)[]) => (signal === null ? Number(code) : -1));
    this.#ended.catch(() => undefined);
  }

  /** What it wrote to its standard output. */
  get output(): string {
    return this.#output;
  }

  /** What it wrote to its standard error. */
  get errors(): string {
    return this.#errors;
  }

  /** Its exit code; −1 when a signal ended it. */
  get ended(): Promise<number> {
    return this.#ended;
  }

  /** Waits until its output matches. */
  async says(pattern: RegExp, timeoutMs = 20_000): Promise<RegExpExecArray> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const match = pattern.exec(this.#output);
      if (match !== null) return match;
      if (this.#child.exitCode !== null || Date.now() > deadline) throw this.#complaint(`did not say ${String(pattern)}`);
      await delay(20);
    }
  }

  /** Its output, once it has ended as it should. */
  async result(): Promise<string> {
    const code = await this.#ended;
    if (code !== 0) throw this.#complaint(`ended with ${code}`);
    return this.#output;
  }

  #complaint(what: string): Error {
    return new Error(`${this.#name} ${what}\n${this.#output}\n${this.#errors}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

/** Runs a JavaScript file with the Node that runs the tests. */
export function runJavaScript(file: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Program {
  return new Program(process.execPath, [file, ...args], env);
}
