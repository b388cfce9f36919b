import { availableParallelism } from 'node:os';
import { env } from 'node:process';
import type { BackgroundWork } from '../../protocol/frame/native/background-work.ts';
import { FairQueue } from '../util/fair-queue.ts';

/** Threads of the pool of Node.js unless the environment says otherwise. */
const USUAL_THREADS = 4;

/** Upper bound of bytes that unfinished work has made and not handed over: beyond it only the work that began first goes on. */
const MAX_HELD_BYTES = 32 * 1024 * 1024;

/** Upper bound of bytes that wait to be inflated or deflated; messages beyond it are sent as they are. */
const MAX_INPUT_BYTES = 64 * 1024 * 1024;

/** A channel, as whose work it is. */
export interface WorkOwner {
  readonly link: { readonly remote: { readonly host: string } };
}

interface Entry {
  readonly owner: WorkOwner;
  readonly work: BackgroundWork;
  /** Bytes that it has made. */
  heldBytes: number;
}

/**
 * The inflating and deflating that a process does in the thread pool. Hosts take turns, and the channels of a host take turns among themselves, so that
 * a flood of one peer delays others by one body.
 */
export class BackgroundQueue {
  readonly #waiting = new FairQueue<Entry>();
  readonly #running: Entry[] = [];
  readonly #mostAtOnce: number;
  #heldBytes = 0;
  #inputBytes = 0;

  /** @param mostAtOnce upper bound of bodies worked on at once */
  constructor(mostAtOnce: number = threads()) {
    this.#mostAtOnce = mostAtOnce;
  }

  /** Bodies that wait or are worked on. */
  get size(): number {
    return this.#waiting.size + this.#running.length;
  }

  /** Begins work when its turn comes. */
  enter(owner: WorkOwner, work: BackgroundWork): void {
    this.#inputBytes += work.inputBytes;
    this.#waiting.push(owner.link.remote.host, owner, { owner, work, heldBytes: 0 });
    this.#startNext();
  }

  /** Stops all work of a channel that is over. */
  cancel(owner: WorkOwner): void {
    const waiting = this.#waiting.remove(owner.link.remote.host, owner);
    for (const { work } of waiting) this.#inputBytes -= work.inputBytes;
    for (const { work } of [...waiting, ...this.#running.filter((entry) => entry.owner === owner)]) work.stop();
  }

  /** Returns whether a message of so many bytes may wait to be deflated. */
  hasRoomFor(bytes: number): boolean {
    return this.#inputBytes + bytes <= MAX_INPUT_BYTES;
  }

  #startNext(): void {
    while (this.#running.length < this.#mostAtOnce && this.#heldBytes <= MAX_HELD_BYTES) {
      const entry = this.#waiting.shift();
      if (entry === undefined) return;
      this.#running.push(entry);
      entry.work.begin(
        (bytes) => this.#hold(entry, bytes),
        () => this.#end(entry),
      );
    }
  }

  #hold(entry: Entry, bytes: number): void {
    entry.heldBytes += bytes;
    this.#heldBytes += bytes;
    if (this.#heldBytes > MAX_HELD_BYTES && entry !== this.#running[0]) entry.work.pause();
  }

  #end(entry: Entry): void {
    this.#running.splice(this.#running.indexOf(entry), 1);
    this.#heldBytes -= entry.heldBytes;
    this.#inputBytes -= entry.work.inputBytes;
    const isFull = this.#heldBytes > MAX_HELD_BYTES;
    for (const other of isFull ? this.#running.slice(0, 1) : this.#running) other.work.resume();
    this.#startNext();
  }
}

/** One thread of the pool is left to files and names. */
function threads(): number {
  const size = Number.parseInt(env['UV_THREADPOOL_SIZE'] ?? '', 10) || USUAL_THREADS;
  return Math.max(1, Math.min(size - 1, availableParallelism()));
}

/** The queue of this process. */
export const background: BackgroundQueue = new BackgroundQueue();
