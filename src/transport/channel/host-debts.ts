/**
 * Memory that the compressed requests of a host may take beyond what as many plain bytes could: at first, and then each second. Reading values that take
 * 16 MiB takes about a twentieth of a second.
 */
const BURST_BYTES = 32 * 1024 * 1024;
const BYTES_PER_SECOND = 16 * 1024 * 1024;

/** Upper bound of what a host owes. What its requests cost beyond that is forgiven: bulks of equal documents cost as much as bombs. */
const MOST_OWED_BYTES = 16 * 1024 * 1024;

/** Upper bound up to which large bodies raise a debt, and from which on small ones have to wait: large ones never make small ones wait. */
const MOST_OWED_BY_LARGE_BYTES = 15 * 1024 * 1024;

/** A compressed body of at most so many bytes is small: it cannot turn into much more than 1 MiB. */
const SMALL_BODY_BYTES = 1024;

/** Upper bound of hosts whose debt is known. */
const MOST_HOSTS = 1000;

/** What hosts owe whose compressed requests took far more memory than they have bytes. They pay with time. */
export class HostDebts {
  /** When a host has paid for all it took, in milliseconds of `performance.now`. */
  readonly #paidAt = new Map<string, number>();

  /** Notes that the body of a request turned into so many bytes more than it could have without compression. */
  charge(host: string, bodyBytes: number, excessBytes: number): void {
    if (excessBytes <= 0) return;
    const now = performance.now();
    const paidAt = Math.max(this.#paidAt.get(host) ?? 0, now);
    const most = now + msOf(BURST_BYTES + (isSmallBody(bodyBytes) ? MOST_OWED_BYTES : MOST_OWED_BY_LARGE_BYTES));
    this.#paidAt.set(host, Math.max(paidAt, Math.min(paidAt + msOf(excessBytes), most)));
    if (this.#paidAt.size > MOST_HOSTS) this.#forgive(now);
  }

  /** Forgets hosts that owe nothing; if all do, the oldest. */
  #forgive(now: number): void {
    for (const [host, paidAt] of this.#paidAt) if (paidAt <= now) this.#paidAt.delete(host);
    const [oldest] = this.#paidAt.keys();
    if (this.#paidAt.size > MOST_HOSTS) this.#paidAt.delete(oldest as string);
  }

  /** Returns how many whole milliseconds a request body of a host has to wait for what the host owes; 0 or less for none. */
  restMs(host: string, bodyBytes: number): number {
    const paidAt = this.#paidAt.get(host);
    if (paidAt === undefined) return 0;
    const allowed = isSmallBody(bodyBytes) ? BURST_BYTES + MOST_OWED_BY_LARGE_BYTES : BURST_BYTES;
    return Math.trunc(paidAt - performance.now() - msOf(allowed));
  }
}

/** Returns whether a compressed body is so small that it waits only when many small ones cost much. */
export function isSmallBody(bytes: number): boolean {
  return bytes <= SMALL_BODY_BYTES;
}

function msOf(bytes: number): number {
  return (1000 * bytes) / BYTES_PER_SECOND;
}
