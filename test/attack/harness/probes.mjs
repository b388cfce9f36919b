import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';

const TICK_MS = 5;

/** Resident memory of a process in bytes; 0 when it is gone. */
export function residentBytes(pid) {
  try {
    if (process.platform === 'linux') return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024;
  } catch {
    return 0;
  }
}

/** Open files of a process, connections included; 0 where the system does not tell. */
export function openFiles(pid) {
  try {
    return process.platform === 'linux' ? readdirSync(`/proc/${pid}/fd`).length : 0;
  } catch {
    return 0;
  }
}

/**
 * Measures how long the event loop of this process stood still: how late a timer of 5 ms is. Time in which the thread could run and the system gave its
 * core to others does not count where the system says so (Linux): a busy machine must not look like a victim that stands still.
 */
export class LoopWatch {
  /** Longest stop in milliseconds since the last reset. */
  longestMs = 0;
  #last = performance.now();
  #lastWaitMs;
  #schedstat = openSchedstat();
  #buffer = Buffer.alloc(128);

  constructor() {
    this.#lastWaitMs = this.#waitMs();
    setInterval(() => this.#tick(), TICK_MS).unref();
  }

  reset() {
    this.#tick();
    this.longestMs = 0;
  }

  #tick() {
    const now = performance.now();
    const waitMs = this.#waitMs();
    const stopMs = now - this.#last - TICK_MS - (waitMs - this.#lastWaitMs);
    if (stopMs > this.longestMs) this.longestMs = stopMs;
    this.#last = now;
    this.#lastWaitMs = waitMs;
  }

  /** Milliseconds that the thread has waited for a core. */
  #waitMs() {
    if (this.#schedstat === null) return 0;
    const count = readSync(this.#schedstat, this.#buffer, 0, this.#buffer.length, 0);
    return Number(this.#buffer.toString('latin1', 0, count).split(' ')[1]) / 1e6;
  }
}

function openSchedstat() {
  if (process.platform !== 'linux') return null;
  let file = null;
  try {
    file = openSync(`/proc/${process.pid}/schedstat`, 'r');
    readSync(file, Buffer.alloc(16), 0, 16, 0);
    return file;
  } catch {
    if (file !== null) closeSync(file);
    return null;
  }
}
