import { bodyOf } from '../../protocol/wire/stream-input.ts';

/** Sizes are rounded up to a multiple of so many bytes, so that bodies of nearly the same size share memory. */
const STEP_BYTES = 16 * 1024;

/** Largest memory that is kept for reuse: larger bodies are rare, and each would push out many others. */
const MAX_POOLED_BYTES = 8 * 1024 * 1024;

/** Upper bound of bytes kept for reuse, all sizes together. */
const MAX_FREE_BYTES = 32 * 1024 * 1024;

interface Lease {
  readonly memory: Buffer;
  /** The view that was handed out last. */
  view: Buffer;
  free: boolean;
}

/**
 * The property of pooled memory that holds its lease. A `WeakMap` would keep memory that is not given back until the next major collection: minor ones
 * treat its values as roots, and a lease refers to its memory.
 */
const LEASE = Symbol('lease');

/** Returns the lease of the memory behind a view; undefined when the value is not a view on pooled memory. */
function leaseOf(bytes: Uint8Array): Lease | undefined {
  return (bytes.buffer as (ArrayBufferLike & { [LEASE]?: Lease }) | undefined)?.[LEASE];
}

/**
 * A pool of memory for large bodies: taken when a frame's header announces one, given back when it is read or written. Memory that is not given back is
 * garbage collected.
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

  /** Hands out memory of exactly `bytes`. @memory its content is arbitrary */
  readonly take = (bytes: number): Buffer => {
    if (bytes > MAX_POOLED_BYTES) return Buffer.allocUnsafeSlow(bytes);
    const size = Math.ceil(bytes / STEP_BYTES) * STEP_BYTES;
    const lease = this.#takeFree(size) ?? this.#newLease(size);
    lease.view = lease.memory.subarray(0, bytes);
    return lease.view;
  };

  /** Memory that was transferred to another thread after it was given back has no bytes left: it is dropped. */
  #takeFree(size: number): Lease | undefined {
    const kept = this.#free.get(size);
    for (let lease = kept?.pop(); lease !== undefined; lease = kept?.pop()) {
      lease.free = false;
      this.#freeBytes -= size;
      if (lease.memory.length > 0) return lease;
    }
    return undefined;
  }

  #newLease(size: number): Lease {
    const memory = Buffer.allocUnsafeSlow(size);
    const lease = { memory, view: memory, free: false };
    // Hidden where memory is compared or printed.
    Object.defineProperty(memory.buffer, LEASE, { value: lease });
    return lease;
  }

  /** Takes back the view that {@link take} handed out, unless its memory was given back and handed out again since. */
  giveExact(taken: Buffer): void {
    if (leaseOf(taken)?.view === taken) this.give(taken);
  }

  /** Takes memory back of which nobody holds a view. Bytes that are not pooled, or were given back before, are left alone. */
  give(bytes: Uint8Array): void {
    const lease = leaseOf(bytes);
    if (lease !== undefined && this.#hasRoomFor(lease)) this.#keep(lease);
  }

  /** Memory that was transferred to another thread has no bytes left. */
  #hasRoomFor({ memory, free }: Lease): boolean {
    return !free && memory.length > 0 && this.#freeBytes + memory.length <= MAX_FREE_BYTES;
  }

  #keep(lease: Lease): void {
    const size = lease.memory.length;
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
 * Gives the memory of a large byte field back for the next message. Calling it is optional: memory that is not given back is garbage collected. Bytes
 * of small messages, and bytes of your own, are left alone. Once the memory is given back, further calls for fields of the same message do nothing, also
 * when another message has it by then.
 *
 * Do not transfer a field to another thread (`postMessage(value, [bytes.buffer])`) that you have released: another message may have its memory. One that you
 * have not released may be transferred; the other large fields of its message are then empty, and releasing them does nothing.
 *
 * @param bytes a byte field above 16 KiB of a request or response, as it was read: not a view of your own on it. @memory it and all other large byte
 *   fields of the same message may not be used any more, because the next message is read into them
 * @example
 * const { body } = await client.call(fetchBlob, { id });
 * await file.write(body);
 * release(body);
 */
export function release(bytes: Uint8Array): void {
  const body = bodyOf(bytes);
  if (body !== undefined) bodies.giveExact(body);
}
