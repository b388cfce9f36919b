/** Sizes are rounded up to a multiple of this, so that bodies of nearly the same size share memory. */
const STEP_BYTES = 16 * 1024;

/** Bodies beyond this size are not kept: they are rare, and each would push out many others. */
const MAX_POOLED_BYTES = 8 * 1024 * 1024;

/** Bytes kept for reuse, all sizes together. */
const MAX_FREE_BYTES = 32 * 1024 * 1024;

interface Lease {
  readonly memory: Buffer;
  /** What was handed out last. */
  view: Buffer;
  free: boolean;
}

/**
 * Where memory of a pool carries its lease. A `WeakMap` would keep what nobody gives back until the next major collection: minor ones hold its values
 * fast, and a lease leads back to its memory.
 */
const LEASE = Symbol('lease');

/** The lease that memory carries, if any. What is no view has no memory. */
function leaseOf(bytes: Uint8Array): Lease | undefined {
  return (bytes.buffer as (ArrayBufferLike & { [LEASE]?: Lease }) | undefined)?.[LEASE];
}

/**
 * Memory for large bodies: taken when a frame's header announces one, given back by whoever is done with it. What is not given back is left to the
 * garbage collector.
 *
 * @see performance.md L5
 */
export class BodyPool {
  readonly #free = new Map<number, Lease[]>();
  #freeBytes = 0;

  /** Bytes kept for reuse. */
  get freeBytes(): number {
    return this.#freeBytes;
  }

  /** Memory of exactly `bytes`. @memory its content is arbitrary */
  readonly take = (bytes: number): Buffer => {
    if (bytes > MAX_POOLED_BYTES) return Buffer.allocUnsafeSlow(bytes);
    const size = Math.ceil(bytes / STEP_BYTES) * STEP_BYTES;
    const lease = this.#free.get(size)?.pop() ?? this.#newLease(size);
    if (lease.free) {
      lease.free = false;
      this.#freeBytes -= size;
    }
    lease.view = lease.memory.subarray(0, bytes);
    return lease.view;
  };

  #newLease(size: number): Lease {
    const memory = Buffer.allocUnsafeSlow(size);
    const lease = { memory, view: memory, free: false };
    // Not to be seen where memory is compared or printed.
    Object.defineProperty(memory.buffer, LEASE, { value: lease });
    return lease;
  }

  /** Takes back what {@link take} gave, unless somebody else gave it back and it has been handed out again. */
  giveExact(taken: Buffer): void {
    if (leaseOf(taken)?.view === taken) this.give(taken);
  }

  /** Takes memory back. Bytes that are not of a pool, or were given back before, are left alone. */
  give(bytes: Uint8Array): void {
    const lease = leaseOf(bytes);
    if (lease === undefined || lease.free) return;
    const size = lease.memory.length;
    // It was transferred to another thread, and is gone from here.
    if (size === 0) return;
    if (this.#freeBytes + size > MAX_FREE_BYTES) return;
    lease.free = true;
    this.#freeBytes += size;
    const kept = this.#free.get(size);
    if (kept === undefined) this.#free.set(size, [lease]);
    else kept.push(lease);
  }
}

/** The pool of this process. */
export const bodies: BodyPool = new BodyPool();

/**
 * Gives the memory of a large byte field back for the next message. It need not be called: what is not given back is garbage collected. Bytes of
 * small messages, and bytes of your own, are left alone.
 *
 * @param bytes a byte field of a request or response. @memory neither it nor any other byte field of the same message may be used afterwards
 * @example
 * const { body } = await client.call(fetchBlob, { id });
 * await file.write(body);
 * release(body);
 */
export function release(bytes: Uint8Array): void {
  bodies.give(bytes);
}
