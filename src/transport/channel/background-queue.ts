import { availableParallelism } from 'node:os';
import { env } from 'node:process';
import type { BackgroundWork } from '../../protocol/frame/native/background-work.ts';
import { FairQueue } from '../util/fair-queue.ts';
import { freeMemory } from '../util/free-memory.ts';
import { HostDebts, isSmallBody } from './host-debts.ts';

/** Threads of the pool of Node.js unless the environment says otherwise. */
const USUAL_THREADS = 4;

/** Upper bound of bytes that unfinished work has made and not handed over: beyond it only the work that began first goes on. */
const MAX_HELD_BYTES = 32 * 1024 * 1024;

/** Upper bound of bytes that wait to be inflated or deflated; messages beyond it are sent as they are. */
const MAX_INPUT_BYTES = 64 * 1024 * 1024;

/** Longest time that a request waits for what its host owes: far below keep-alive and deadlines. Nothing is read from its channel meanwhile. */
const MOST_WAIT_MS = 1000;

/** A channel, as whose work it is. */
export interface WorkOwner {
  readonly link: { readonly remote: { readonly host: string } };
}

interface Entry {
  readonly owner: WorkOwner;
  readonly work: BackgroundWork;
  /** When it may have a turn whatever its host owes, in milliseconds of `performance.now`. */
  readonly dueAt: number;
  /** Bytes that it has made. */
  heldBytes: number;
}

/**
 * The inflating and deflating that a process does in the thread pool. Hosts take turns, and the channels of a host take turns among themselves, so that
 * a flood of one peer delays others by one body. The requests of a host that took far more memory than it sent bytes have no turn for a while; small ones
 * have turns of their own, and go on longer.
 */
export class BackgroundQueue {
  readonly #waiting = new FairQueue<Entry>();
  readonly #running: Entry[] = [];
  readonly #mostAtOnce: number;
  readonly #debts = new HostDebts();
  #heldBytes = 0;
  #inputBytes = 0;
  #timer: NodeJS.Timeout | null = null;

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
    this.#enter(groupsOf(owner).own, { owner, work, dueAt: 0, heldBytes: 0 });
  }

  /** Begins inflating a request when its turn comes, and its host does not owe too much. */
  enterRequest(owner: WorkOwner, work: BackgroundWork): void {
    const { small, large } = groupsOf(owner);
    const group = isSmallBody(work.inputBytes) ? small : large;
    this.#enter(group, { owner, work, dueAt: performance.now() + MOST_WAIT_MS, heldBytes: 0 });
  }

  #enter(group: string, entry: Entry): void {
    this.#inputBytes += entry.work.inputBytes;
    this.#waiting.push(group, entry.owner, entry);
    this.#startNext();
  }

  /** Stops all work of a channel that is over. */
  cancel(owner: WorkOwner): void {
    const waiting = Object.values(groupsOf(owner)).flatMap((group) => this.#waiting.remove(group, owner));
    for (const { work } of waiting) this.#inputBytes -= work.inputBytes;
    for (const { work } of [...waiting, ...this.#running.filter((entry) => entry.owner === owner)]) work.stop();
  }

  /** Notes that a request of this channel turned into so many bytes more than it could have without compression. */
  charge({ link }: WorkOwner, bodyBytes: number, excessBytes: number): void {
    this.#debts.charge(link.remote.host, bodyBytes, excessBytes);
  }

  /** Returns whether a request with a compressed body of so many bytes has to wait for what its host owes. */
  isInDebt({ link }: WorkOwner, bodyBytes: number): boolean {
    return this.#debts.restMs(link.remote.host, bodyBytes) > 0;
  }

  /** Returns whether a message of so many bytes may wait to be deflated. */
  hasRoomFor(bytes: number): boolean {
    return this.#inputBytes + bytes <= MAX_INPUT_BYTES;
  }

  #startNext(): void {
    while (this.#running.length < this.#mostAtOnce && this.#heldBytes <= MAX_HELD_BYTES) {
      const entry = this.#waiting.shift(this.#mayHaveTurn);
      if (entry === undefined) {
        this.#wait();
        return;
      }
      this.#running.push(entry);
      entry.work.begin(
        (bytes) => this.#hold(entry, bytes),
        () => this.#end(entry),
        freeMemory,
      );
    }
  }

  readonly #mayHaveTurn = (entry: Entry): boolean => this.#restMs(entry) <= 0;

  /** Returns for how many milliseconds work has no turn because of what its host owes. */
  #restMs({ owner, work, dueAt }: Entry): number {
    return dueAt === 0 ? 0 : Math.min(this.#debts.restMs(owner.link.remote.host, work.inputBytes), dueAt - performance.now());
  }

  /** Waits for the first request that is allowed a turn again. */
  #wait(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#waiting.size === 0) return;
    const restMs = Math.min(...Array.from(this.#waiting.nextOfGroups(), (entry) => this.#restMs(entry)));
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        this.#startNext();
      },
      Math.max(restMs, 1),
    ).unref();
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

/** Requests of a host have groups of their own: no host has a name with a space. */
function groupsOf({ link }: WorkOwner): { readonly own: string; readonly small: string; readonly large: string } {
  const { host } = link.remote;
  return { own: host, small: `${host} small`, large: `${host} large` };
}

/** One thread of the pool is left to files and names, and one processor to the event loop. */
function threads(): number {
  const size = Number.parseInt(env['UV_THREADPOOL_SIZE'] ?? '', 10) || USUAL_THREADS;
  return Math.max(1, Math.min(size, availableParallelism()) - 1);
}

/** The queue of this process. */
export const background: BackgroundQueue = new BackgroundQueue();
