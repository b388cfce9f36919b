import { availableParallelism } from 'node:os';
import { env } from 'node:process';
import type { BackgroundWork } from '../../protocol/frame/native/background-work.ts';
import { FairQueue } from '../util/fair-queue.ts';
import { freeMemory } from '../util/free-memory.ts';

/** Threads of the pool of Node.js unless the environment says otherwise. */
const USUAL_THREADS = 4;

/** Upper bound of bytes that unfinished work has made and not handed over: beyond it only the work that began first goes on. */
const MAX_HELD_BYTES = 32 * 1024 * 1024;

/** Upper bound of bytes that wait to be inflated or deflated; messages beyond it are sent as they are. */
const MAX_INPUT_BYTES = 64 * 1024 * 1024;

/**
 * Bytes of memory that the bodies of a host may turn into beyond what its bytes could turn into if they were not compressed: at first, and then each
 * second. Reading values that take 4 MiB takes about a hundredth of a second.
 */
const EXCESS_BURST_BYTES = 8 * 1024 * 1024;
const EXCESS_BYTES_PER_SECOND = 4 * 1024 * 1024;

/** Upper bound of the channels of a host in debt that wait. Nothing is read from them meanwhile, not even their end. */
const MOST_WAITING_OF_DEBTOR = 16;

/** Upper bound of hosts whose debt is known. */
const MOST_DEBTORS = 1000;

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
 * a flood of one peer delays others by one body. The requests of a host that turned
 * into far more than it sent have no turn for a while.
 */
export class BackgroundQueue {
  readonly #waiting = new FairQueue<Entry>();
  readonly #running: Entry[] = [];
  readonly #mostAtOnce: number;
  /** Hosts that are in debt, and when they will not be any more, in milliseconds of `performance.now`. */
  readonly #paidAt = new Map<string, number>();
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
    this.#enter(owner, work, false);
  }

  /**
   * Begins inflating a request when its turn comes.
   *
   * @returns false if the host is in debt and enough of its channels wait: the request has to be refused
   */
  enterRequest(owner: WorkOwner, work: BackgroundWork): boolean {
    if (this.isInDebt(owner) && this.#waiting.membersOf(groupOf(owner, true)) >= MOST_WAITING_OF_DEBTOR) return false;
    this.#enter(owner, work, true);
    return true;
  }

  #enter(owner: WorkOwner, work: BackgroundWork, isRequest: boolean): void {
    this.#inputBytes += work.inputBytes;
    this.#waiting.push(groupOf(owner, isRequest), owner, { owner, work, heldBytes: 0 });
    this.#startNext();
  }

  /** Stops all work of a channel that is over. */
  cancel(owner: WorkOwner): void {
    const waiting = [true, false].flatMap((isRequest) => this.#waiting.remove(groupOf(owner, isRequest), owner));
    for (const { work } of waiting) this.#inputBytes -= work.inputBytes;
    for (const { work } of [...waiting, ...this.#running.filter((entry) => entry.owner === owner)]) work.stop();
  }

  /** Notes that a request of this channel turned into so many bytes more than it could have without compression. */
  charge({ link }: WorkOwner, excessBytes: number): void {
    if (excessBytes <= 0) return;
    const now = performance.now();
    const { host } = link.remote;
    const paidAt = Math.max(this.#paidAt.get(host) ?? 0, now) + (1000 * excessBytes) / EXCESS_BYTES_PER_SECOND;
    this.#paidAt.set(host, paidAt);
    if (this.#paidAt.size > MOST_DEBTORS) this.#forgive(now);
  }

  /** Forgets hosts that are no longer in debt; if all are, the oldest. */
  #forgive(now: number): void {
    for (const [host, paidAt] of this.#paidAt) if (paidAt <= now) this.#paidAt.delete(host);
    const [oldest] = this.#paidAt.keys();
    if (this.#paidAt.size > MOST_DEBTORS) this.#paidAt.delete(oldest as string);
  }

  /** True while the requests of this channel's host have no turn. */
  isInDebt({ link }: WorkOwner): boolean {
    return this.#paidAt.size > 0 && this.#restMs(link.remote.host) > 0;
  }

  /** Returns for how many milliseconds the requests of a host have no turn. */
  #restMs(host: string): number {
    const paidAt = this.#paidAt.get(host);
    return paidAt === undefined ? 0 : paidAt - performance.now() - (1000 * EXCESS_BURST_BYTES) / EXCESS_BYTES_PER_SECOND;
  }

  /** Returns whether a message of so many bytes may wait to be deflated. */
  hasRoomFor(bytes: number): boolean {
    return this.#inputBytes + bytes <= MAX_INPUT_BYTES;
  }

  #startNext(): void {
    while (this.#running.length < this.#mostAtOnce && this.#heldBytes <= MAX_HELD_BYTES) {
      const entry = this.#waiting.shift(this.#mayHaveTurn);
      if (entry === undefined) break;
      this.#running.push(entry);
      entry.work.begin(
        (bytes) => this.#hold(entry, bytes),
        () => this.#end(entry),
        freeMemory,
      );
    }
    if (this.#running.length === 0 && this.#waiting.size > 0) this.#wait();
  }

  readonly #mayHaveTurn = (group: string): boolean => this.#restMs(group) <= 0;

  /** Waits for the first host that is allowed a turn again. */
  #wait(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const restMs = Math.min(...Array.from(this.#waiting.groups, (group) => this.#restMs(group)));
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

/** Requests of a host have a group of their own: no host has a name with a space. */
function groupOf({ link }: WorkOwner, isRequest: boolean): string {
  return isRequest ? link.remote.host : `${link.remote.host} `;
}

/** One thread of the pool is left to files and names, and one processor to the event loop. */
function threads(): number {
  const size = Number.parseInt(env['UV_THREADPOOL_SIZE'] ?? '', 10) || USUAL_THREADS;
  return Math.max(1, Math.min(size, availableParallelism()) - 1);
}

/** The queue of this process. */
export const background: BackgroundQueue = new BackgroundQueue();
