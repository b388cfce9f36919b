import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';

const READY_MS = 60_000;
const END_MS = 2_000;
/** What a process prints is kept up to here. */
const MAX_OUTPUT = 64 * 1024;

/** A process of an attack: started with one argument, it says `ready`, and answers questions by number. */
export class Child {
  #process;
  #waiting = new Map();
  #nextNumber = 1;
  #ready;
  /** How it ended: a signal or an exit code; null while it runs. @type {string | null} */
  ended = null;
  /** What it printed. */
  output = '';

  constructor(script, argument, flags = []) {
    this.#process = fork(fileURLToPath(new URL(script, import.meta.url)), [JSON.stringify(argument)], {
      execArgv: flags,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        if (this.output.length < MAX_OUTPUT) this.output += text;
      });
    }
    this.#ready = new Promise((resolve, reject) => this.#waiting.set(0, { resolve, reject }));
    this.#ready.catch(() => undefined);
    this.#process.on('message', ({ number, value, error }) => this.#settle(number, value, error));
    this.#process.on('exit', (code, signal) => {
      this.ended = signal ?? `exit code ${code}`;
      for (const { reject } of this.#waiting.values()) reject(new Error(`${script} ended (${this.ended}): ${this.output.slice(-800)}`));
      this.#waiting.clear();
    });
  }

  get pid() {
    return this.#process.pid ?? 0;
  }

  /** What the process says first. */
  ready() {
    return within(READY_MS, this.#ready, 'a process did not start');
  }

  /** Asks a question. @throws when the process has ended, or does not answer in time */
  ask(question, argument = null, withinMs = READY_MS) {
    const number = this.#nextNumber++;
    const answer = new Promise((resolve, reject) => {
      if (this.ended !== null) {
        reject(new Error(`the process has ended (${this.ended})`));
        return;
      }
      this.#waiting.set(number, { resolve, reject });
      this.#process.send({ number, question, argument }, (error) => {
        if (error) this.#settle(number, null, String(error));
      });
    });
    return within(withinMs, answer, `no answer to '${question}'`);
  }

  #settle(number, value, error) {
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    if (error) waiting?.reject(new Error(error));
    else waiting?.resolve(value);
  }

  /** Ends the process at once. */
  async kill() {
    if (this.ended !== null || this.pid === 0) return;
    const exited = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await within(END_MS, exited, 'the process cannot be killed');
  }
}

async function within(ms, promise, text) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${text} within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The other side of {@link Child}: answers questions with the functions given. A process whose parent is gone ends. */
export function answer(questions) {
  process.on('disconnect', () => process.exit(0));
  process.on('message', ({ number, question, argument }) => {
    Promise.resolve()
      .then(() => questions[question](argument))
      .then(
        (value) => process.send({ number, value: value ?? null }),
        (error) => process.send({ number, error: inspect(error) }),
      );
  });
}

/** Says that this process is ready. */
export function ready(value) {
  process.send({ number: 0, value });
}

/** The argument this process was started with. */
export function argument() {
  return JSON.parse(process.argv[2] ?? 'null');
}

export function sleep(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(ms, 0));
  });
}
