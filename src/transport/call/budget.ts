import { OverloadedError } from '../../protocol/error/transport-error.ts';
import { withoutStack } from '../../protocol/error/without-stack.ts';
import { arrivals } from '../util/arrival-clock.ts';

/** Milliseconds without progress after which an unfinished message is stalled. */
const STALLED_MS = 1000;

/** What admission has to know of a request. */
export interface AdmissionRequest {
  readonly action: { readonly name: string };
  /** True for the actions that have a budget of their own. */
  readonly exempt: boolean;
}

/** An unfinished message, and what it is charged. */
export interface Arrival {
  /** Bytes that have come. */
  readonly arriving: number;
  /** Its places: 0 or 1. */
  readonly arrivalPlaces: number;
  /** Milliseconds of `performance.now` when it made progress last. */
  readonly progressAt: number;
  /** Returns whether its connection or host holds more than its share. */
  isGreedy(): boolean;
  /** It makes way: its charge is given back, and its request is refused. */
  evict(): void;
}

/** What the connections of one host hold together. */
export class HostAccount {
  readonly name: string;
  connections = 0;
  places = 0;
  bytes = 0;

  constructor(name: string) {
    this.name = name;
  }
}

/** Bounds of places and bytes, what is taken of them, and the unfinished messages that take some. */
export class Budget {
  places = 0;
  bytes = 0;
  readonly maxPlaces: number;
  readonly maxBytes: number;
  /** Bounds for those who hold more than their share. */
  readonly softPlaces: number;
  readonly softBytes: number;
  readonly sharePlaces: number;
  readonly shareBytes: number;
  /** Unfinished messages: those first whose last progress is the longest ago. */
  readonly arriving: Set<Arrival> = new Set();

  constructor(maxPlaces: number, maxBytes: number, share: number) {
    this.maxPlaces = maxPlaces;
    this.maxBytes = maxBytes;
    this.softPlaces = softBound(maxPlaces, share);
    this.softBytes = softBound(maxBytes, share);
    // A share of all of it is no bound: nobody holds more than that.
    this.sharePlaces = share === 1 ? Number.POSITIVE_INFINITY : Math.max(1, maxPlaces * share);
    this.shareBytes = share === 1 ? Number.POSITIVE_INFINITY : Math.max(1, maxBytes * share);
  }

  /**
   * Makes room. Unfinished messages make way, if that is enough: stalled ones, and those of connections or hosts that hold more than their share; the longest
   * without progress first. For one who holds more than its share itself, only those make way that are both.
   *
   * @param own the message of the one who asks, which stays
   * @param isGreedy whether the one who asks holds more than its share
   * @returns what there is no room for, or null
   */
  makeRoom(places: number, bytes: number, own: Arrival, isGreedy: boolean): 'places' | 'bytes' | null {
    let morePlaces = places === 0 ? 0 : this.places + places - (isGreedy ? this.softPlaces : this.maxPlaces);
    let moreBytes = this.bytes + bytes - (isGreedy ? this.softBytes : this.maxBytes);
    if (morePlaces <= 0 && moreBytes <= 0) return null;
    const victims: Arrival[] = [];
    const stalledBefore = arrivals.now() - STALLED_MS;
    for (const arrival of this.arriving) {
      if (morePlaces <= 0 && moreBytes <= 0) break;
      const { arriving, arrivalPlaces } = arrival;
      const isOfUse = (moreBytes > 0 && arriving > 0) || (morePlaces > 0 && arrivalPlaces > 0);
      if (arrival === own || !isOfUse) continue;
      const isStalled = arrival.progressAt < stalledBefore;
      if (!(isGreedy ? isStalled && arrival.isGreedy() : isStalled || arrival.isGreedy())) continue;
      victims.push(arrival);
      morePlaces -= arrivalPlaces;
      moreBytes -= arriving;
    }
    if (morePlaces > 0) return 'places';
    if (moreBytes > 0) return 'bytes';
    for (const victim of victims) victim.evict();
    return null;
  }
}

/** Never so much is kept back that a holder could not even reach its share. */
function softBound(max: number, share: number): number {
  return max === Number.POSITIVE_INFINITY ? max : max - Math.floor(max * Math.min(share, 1 - share));
}

/** Error for a request that the budget has no place for. @param request null for a message of which not even the header has come */
export function tooMany(request: AdmissionRequest | null, budget: Budget): OverloadedError {
  return overloaded(request, `${budget.places} requests are in flight already (maxInFlight)`);
}

/** Error for bytes that the budget has no room for. */
export function tooLarge(request: AdmissionRequest | null, budget: Budget, bytes: number): OverloadedError {
  return overloaded(request, `Data too large, ${budget.bytes} bytes are in flight and ${bytes} more came (maxInFlightBytes)`);
}

/** Error for a message that made way for others. */
export function madeWay(request: AdmissionRequest | null, budget: Budget, bytes: number): OverloadedError {
  const text = `Data too large, ${budget.bytes} bytes are in flight; this message made way for others when ${bytes} bytes of it had arrived`;
  return overloaded(request, `${text} (maxInFlightBytes)`);
}

/** Error for one who holds more than its share. */
export function overShare(request: AdmissionRequest | null, budget: Budget, host: HostAccount, bytes: number): OverloadedError {
  const text =
    bytes > 0
      ? `Data too large, ${host.bytes} of ${budget.bytes} bytes in flight came from ${host.name} and ${bytes} more came`
      : `${host.places} of ${budget.places} requests in flight came from ${host.name}`;
  return overloaded(request, `${text} (maxInFlightShare)`);
}

/** Without a request the error ends the channel: what is refused cannot be answered. */
function overloaded(request: AdmissionRequest | null, text: string): OverloadedError {
  if (request !== null)
    return withoutStack(() => new OverloadedError('ERR_OVERLOADED', {}, `cannot accept ${request.action.name}: ${text}`));
  return new OverloadedError('ERR_OVERLOADED', { scope: 'channel', delivery: 'maybe-sent' }, `cannot accept an unfinished header: ${text}`);
}
