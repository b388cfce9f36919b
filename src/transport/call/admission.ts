import { isCount, must, type OptionChecks } from '../util/check-options.ts';
import type { Neighbours } from './account.ts';
import { Budget, HostAccount } from './budget.ts';

/** Upper bounds of what is admitted at once, over all connections. */
export interface AdmissionLimits {
  /** Requests being served or waiting their turn. @default 10_000 */
  readonly maxInFlight?: number;
  /** Bytes of their bodies, after inflating. They count as they arrive, not when they are announced. @default 268_435_456 (256 MiB) */
  readonly maxInFlightBytes?: number;
  /**
   * Fair share of one connection, and of one host, as a fraction of both bounds: above 0, at most 1. When only this fraction of a bound is still free, it
   * is kept for connections and hosts that hold less than their share. 1 keeps nothing back. One who holds more gets what is free beside it, and all of it while no other is connected.
   *
   * @default 0.25
   */
  readonly maxInFlightShare?: number;
}

/** The checks of {@link AdmissionLimits}. */
export const ADMISSION_CHECKS: OptionChecks<AdmissionLimits> = {
  maxInFlight: isCount(0),
  maxInFlightBytes: isCount(0),
  maxInFlightShare: must('a number > 0 and <= 1', (value) => typeof value === 'number' && value > 0 && value <= 1),
};

const MIB = 1024 * 1024;
const DEFAULT_MAX_IN_FLIGHT = 10_000;
const DEFAULT_MAX_IN_FLIGHT_BYTES = 256 * MIB;
const DEFAULT_SHARE = 0.25;

const MAX_EXEMPT_IN_FLIGHT = 1024;
const MAX_EXEMPT_IN_FLIGHT_BYTES = 16 * MIB;

/** The budgets of the requests in flight of one endpoint. Each of its channels that has had a request has an {@link Account}. */
export class Admission implements Neighbours {
  readonly common: Budget;
  readonly exempt: Budget;
  readonly #hosts = new Map<string, HostAccount>();
  /** Hosts without a connection that still hold something. */
  readonly #leaving = new Set<HostAccount>();
  #connections = 0;

  /** @param limits checked with {@link ADMISSION_CHECKS} */
  constructor(limits: AdmissionLimits = {}) {
    const {
      maxInFlight = DEFAULT_MAX_IN_FLIGHT,
      maxInFlightBytes = DEFAULT_MAX_IN_FLIGHT_BYTES,
      maxInFlightShare = DEFAULT_SHARE,
    } = limits;
    this.common = new Budget(maxInFlight, maxInFlightBytes, maxInFlightShare);
    this.exempt = new Budget(MAX_EXEMPT_IN_FLIGHT, MAX_EXEMPT_IN_FLIGHT_BYTES, 1);
  }

  /** Requests admitted and not answered yet. */
  get inFlight(): number {
    return this.common.places + this.exempt.places;
  }

  /** Bytes of the bodies of requests in flight, and of unfinished messages. */
  get inFlightBytes(): number {
    return this.common.bytes + this.exempt.bytes;
  }

  /** Hosts that are connected or hold something. */
  get hostCount(): number {
    this.#forgetThoseThatLeft();
    return this.#hosts.size;
  }

  /** Connections that are open. */
  get connectionCount(): number {
    return this.#connections;
  }

  /** A connection has been opened. @param host address of its peer @returns what all connections of that host hold, for the account of this one */
  onOpened(host: string): HostAccount {
    this.#forgetThoseThatLeft();
    let account = this.#hosts.get(host);
    if (account === undefined) this.#hosts.set(host, (account = new HostAccount(host)));
    account.connections++;
    this.#connections++;
    return account;
  }

  /** Giving back does not look whether it was the last of a host that has left, so those are sought when it matters. */
  #forgetThoseThatLeft(): void {
    for (const host of this.#leaving) {
      if (host.connections === 0 && host.places > 0) continue;
      this.#leaving.delete(host);
      if (host.connections === 0) this.#hosts.delete(host.name);
    }
  }

  /** A connection has ended. What its handlers still work on stays charged, to its host, too. */
  onClosed(host: HostAccount): void {
    this.#connections--;
    host.connections--;
    if (host.connections > 0) return;
    if (host.places === 0) this.#hosts.delete(host.name);
    else this.#leaving.add(host);
  }
}
