import type { OverloadedError } from '../../protocol/error/transport-error.ts';
import { arrivals } from '../util/arrival-clock.ts';
import { type AdmissionRequest, type Arrival, type Budget, type HostAccount, madeWay, overShare, tooLarge, tooMany } from './budget.ts';

const KIB = 1024;

/** Largest body, after inflating, that is charged to the budget of exempt actions: handshakes are far smaller. */
const MAX_EXEMPT_BYTES = 1024 * KIB;

/** Bytes of an unfinished message that are charged and never refused: the beginning of nearly every message that is cut by the end of a read. */
const SMALL_BYTES = 4 * KIB;

/** An unfinished message makes progress when so many bytes more of it have come. */
const PROGRESS_BYTES = 64 * KIB;

/** What all accounts of an endpoint share. */
export interface Neighbours {
  readonly common: Budget;
  /** The budget of exempt actions, and of the headers of messages of which not even the action is known. */
  readonly exempt: Budget;
  /** Connections that are open. */
  readonly connectionCount: number;
  /** Hosts that are connected or hold something. */
  readonly hostCount: number;
  /** A connection has ended. What its handlers still work on stays charged. */
  onClosed(host: HostAccount): void;
}

/** Told that the message that is arriving has to make way. Its charge has been given back. */
export interface ArrivalOwner {
  onEvicted(error: OverloadedError): void;
}

/** What one connection is charged for its requests, and for the message that is arriving on it. */
export class Account implements Arrival {
  places = 0;
  bytes = 0;
  /** Bytes charged for the message that is arriving. */
  arriving = 0;
  /** Its places: 0 or 1. */
  arrivalPlaces = 0;
  /** When the message that is arriving made progress last. */
  progressAt = 0;
  readonly #others: Neighbours;
  readonly #host: HostAccount;
  readonly #owner: ArrivalOwner;
  /** The budget of the message that is arriving; null without one. */
  #budget: Budget | null = null;
  /** The request that is arriving; null while only a part of its header has come. */
  #request: AdmissionRequest | null = null;
  #progressBytes = 0;
  #isClosed = false;

  /** @param owner told when the message that is arriving makes way */
  constructor(others: Neighbours, host: HostAccount, owner: ArrivalOwner) {
    this.#others = others;
    this.#host = host;
    this.#owner = owner;
  }

  /** True while a message is arriving that has a place, or of which bytes are held. */
  get isArriving(): boolean {
    return this.#budget !== null;
  }

  /** Charges a request that has come as a whole and returns null, or returns why it is refused. @see wire-format.md §10.6 */
  // hot: call
  admit(request: AdmissionRequest, bytes: number): OverloadedError | null {
    const budget = this.#budgetOf(request.exempt, bytes);
    if (budget.places >= budget.softPlaces || budget.bytes + bytes > budget.softBytes) {
      const refusal = this.#makeRoom(budget, request, 1, bytes);
      if (refusal !== null) return refusal;
    }
    this.#charge(budget, 1, bytes);
    return null;
  }

  /** Gives back what a request was charged. @param isExempt as its action is */
  // hot: call
  release(isExempt: boolean, bytes: number): void {
    this.#charge(this.#budgetOf(isExempt, bytes), -1, -bytes);
  }

  /**
   * Charges what the body of an admitted request has become by inflating, in place of what it was charged, and returns null; or returns why the
   * request is refused now. Then it is charged as before.
   */
  grow(request: AdmissionRequest, bytes: number, charged: number): OverloadedError | null {
    this.release(request.exempt, charged);
    const refusal = this.admit(request, bytes);
    if (refusal !== null) this.#charge(this.#budgetOf(request.exempt, charged), 1, charged);
    return refusal;
  }

  /** The header of a request has come, and not its whole body: it takes a place, and its bytes are charged as they come. */
  begin(request: AdmissionRequest, announced: number): OverloadedError | null {
    const budget = this.#budgetOf(request.exempt, announced);
    if (announced > budget.maxBytes) return tooLarge(request, budget, announced);
    // One that is exempt gets its place when it is complete: then it is answered soon.
    const places = request.exempt ? 0 : 1;
    if (places > 0 && budget.places >= budget.softPlaces) {
      const refusal = this.#makeRoom(budget, request, places, 0);
      if (refusal !== null) return refusal;
    }
    this.#charge(budget, places, 0);
    this.#beginArrival(budget, request, places);
    return null;
  }

  #beginArrival(budget: Budget, request: AdmissionRequest | null, places: number): void {
    this.#budget = budget;
    this.#request = request;
    this.arrivalPlaces = places;
    this.#progressBytes = 0;
    this.progressAt = arrivals.now();
    budget.arriving.add(this);
  }

  /**
   * Charges what is held of the message that is arriving: of a request since {@link begin}, else of a header that is not complete.
   *
   * @returns why it is refused; then nothing is charged for it any more
   */
  arrived(held: number): OverloadedError | null {
    if (this.#budget === null) this.#beginArrival(this.#others.exempt, null, 0);
    const budget = this.#budget as unknown as Budget;
    const more = held - this.arriving;
    if (held > SMALL_BYTES && more > 0 && budget.bytes + more > budget.softBytes) {
      const refusal = this.#makeRoom(budget, this.#request, 0, more);
      if (refusal !== null) {
        this.cancel();
        return refusal;
      }
    }
    this.#charge(budget, 0, more);
    this.arriving = held;
    if (held - this.#progressBytes >= PROGRESS_BYTES) this.#noteProgress(budget, held);
    return null;
  }

  #noteProgress(budget: Budget, held: number): void {
    this.#progressBytes = held;
    this.progressAt = arrivals.now();
    if (budget.arriving.size === 1) return;
    budget.arriving.delete(this);
    budget.arriving.add(this);
  }

  /** The request that was arriving has come as a whole: it is admitted, or refused and not charged any more. */
  complete(bytes: number): OverloadedError | null {
    const request = this.#request as AdmissionRequest;
    const budget = this.#budget as Budget;
    const places = 1 - this.arrivalPlaces;
    const more = bytes - this.arriving;
    if (budget.places + places > budget.softPlaces || budget.bytes + more > budget.softBytes) {
      const refusal = this.#makeRoom(budget, request, places, more);
      if (refusal !== null) {
        this.cancel();
        return refusal;
      }
    }
    this.#charge(budget, places, more);
    this.#endArrival(budget);
    return null;
  }

  /** A stream begins, or fails before it does: its request is in flight, with its place alone. What the stream holds is charged with {@link hold}. */
  beginStream(): void {
    const budget = this.#budget;
    if (budget === null) return;
    this.#charge(budget, 1 - this.arrivalPlaces, -this.arriving);
    this.#endArrival(budget);
  }

  #endArrival(budget: Budget): void {
    budget.arriving.delete(this);
    this.#budget = null;
    this.#request = null;
    this.arrivalPlaces = 0;
    this.arriving = 0;
  }

  /** Gives back what the message that is arriving is charged. */
  cancel(): void {
    const budget = this.#budget;
    if (budget === null) return;
    this.#charge(budget, -this.arrivalPlaces, -this.arriving);
    this.#endArrival(budget);
  }

  /** Charges memory that a stream holds until {@link free}, or returns why it may not. */
  hold(request: AdmissionRequest, bytes: number): OverloadedError | null {
    const budget = this.#others.common;
    if (budget.bytes + bytes > budget.softBytes) {
      const refusal = this.#makeRoom(budget, request, 0, bytes);
      if (refusal !== null) return refusal;
    }
    this.#charge(budget, 0, bytes);
    return null;
  }

  /** Gives back memory of a stream. */
  free(bytes: number): void {
    this.#charge(this.#others.common, 0, -bytes);
  }

  /** The connection is over. Requests that are still being served stay charged until they are released. */
  close(): void {
    if (this.#isClosed) return;
    this.cancel();
    this.#isClosed = true;
    this.#others.onClosed(this.#host);
  }

  // hot: call
  #budgetOf(isExempt: boolean, bytes: number): Budget {
    return isExempt && bytes <= MAX_EXEMPT_BYTES ? this.#others.exempt : this.#others.common;
  }

  // hot: call
  #charge(budget: Budget, places: number, bytes: number): void {
    const host = this.#host;
    budget.places += places;
    budget.bytes += bytes;
    this.places += places;
    this.bytes += bytes;
    host.places += places;
    host.bytes += bytes;
  }

  /** Asked when a request does not fit beside what is kept for those who hold less than their share. Returns null when there is room. */
  #makeRoom(budget: Budget, request: AdmissionRequest | null, places: number, bytes: number): OverloadedError | null {
    const isGreedy = this.#exceedsShare(budget, this.arrivalPlaces, this.arriving);
    const lack = budget.makeRoom(places, bytes, this, isGreedy);
    // Whoever hears of an evicted channel may have ended this one.
    if (lack === null) return this.#isClosed ? tooLarge(request, budget, bytes) : null;
    if (lack === 'places' && (!isGreedy || budget.places >= budget.maxPlaces)) return tooMany(request, budget);
    if (!isGreedy || budget.bytes + bytes > budget.maxBytes) return tooLarge(request, budget, bytes);
    return overShare(request, budget, this.#host, lack === 'places' ? 0 : bytes);
  }

  isGreedy(): boolean {
    return this.#budget !== null && this.#exceedsShare(this.#budget, 0, 0);
  }

  /** Returns whether the connection or its host holds more than its share, besides so much. One that is alone has all of it. */
  #exceedsShare({ sharePlaces, shareBytes }: Budget, places: number, bytes: number): boolean {
    const host = this.#host;
    const { connectionCount, hostCount } = this.#others;
    if (connectionCount > 1 && (this.places - places >= sharePlaces || this.bytes - bytes >= shareBytes)) return true;
    return hostCount > 1 && (host.places - places >= sharePlaces || host.bytes - bytes >= shareBytes);
  }

  evict(): void {
    if (this.#budget === null) return;
    const error = madeWay(this.#request, this.#budget, this.arriving);
    this.cancel();
    this.#owner.onEvicted(error);
  }
}
