import { types } from 'node:util';
import type { Delivery } from '../../protocol/error/codes.ts';
import { reasonOf } from '../../protocol/error/reason-of.ts';
import { TransportError, UsageError } from '../../protocol/error/transport-error.ts';

/*
 * The seam between this package and the functions of its users, together with `tell` in listeners.ts. Such functions may throw anything (null,
 * symbols, proxies), answer late, twice or never, and call back into the package. The table in test/unit/user-code.test.ts lists every place that
 * calls one, and what keeps it from doing harm.
 */

/** The `then` of every promise, whatever a single one has instead. */
// oxlint-disable-next-line typescript/unbound-method -- called with a promise only
const promiseThen = Promise.prototype.then;

/** Returns whether a value is a promise, or behaves like one. @throws what a getter of the value throws */
// hot: call
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (typeof value === 'object' ? value === null : typeof value !== 'function') return false;
  return typeof (value as { then?: unknown }).then === 'function';
}

/**
 * Returns whether a promise resolved with this value might wait for it, and so for ever. Besides values with a method `then` these are values with a
 * getter `then`, proxies, and what inherits from proxies: they may have a method at the next look. Runs no code of the user.
 */
// hot: call
export function mayBeThenable(value: unknown): boolean {
  if (typeof value === 'object' ? value === null : typeof value !== 'function') return false;
  let owner = value as object;
  for (;;) {
    if (types.isProxy(owner)) return true;
    const parent = Object.getPrototypeOf(owner) as object | null;
    if (parent === null || parent === Object.prototype) break;
    owner = parent;
  }
  return 'then' in (value as object) && !isThenData(value as object);
}

/** Returns whether the `then` of a value without proxies is a property like any other: neither a function nor a getter. */
function isThenData(value: object): boolean {
  let owner: object | null = value;
  let found: PropertyDescriptor | undefined;
  while (owner !== null && found === undefined) {
    found = Object.getOwnPropertyDescriptor(owner, 'then');
    owner = Object.getPrototypeOf(owner) as object | null;
  }
  return found !== undefined && 'value' in found && typeof found.value !== 'function';
}

/**
 * Waits for what a function of the user promised. One of the two functions is called, once and in a later microtask; if the promise cannot even be
 * asked, `onError` is called at once. Never throws. The rejection of the promise counts as handled.
 */
export function adopt(promised: PromiseLike<unknown>, onValue: (value: unknown) => void, onError: (error: unknown) => void): void {
  // A thenable may throw in `then`, or call back twice; so may a promise that has a `then` or a `constructor` of its own.
  try {
    void promiseThen.call(Promise.resolve(promised), onValue, onError);
  } catch (error) {
    onError(error);
  }
}

/** Returns the value it is given. If it is a promise that nobody waits for, its rejection is not an unhandled one. */
export function mayBeIgnored<T>(value: T): T {
  if (types.isPromise(value)) adopt(value, ignore, ignore);
  return value;
}

function ignore(): void {}

/**
 * Returns the error with which a call fails because a function of its user threw. Errors stay what they are. Any other value, and a proxy of an
 * error, becomes the cause of ERR_USAGE.
 *
 * @param what names the function in the message
 */
export function thrownBy(what: string, thrown: unknown, delivery: Delivery): Error {
  if (isOrdinaryError(thrown)) return thrown;
  return new TransportError('ERR_USAGE', { cause: thrown, delivery }, `${what} failed: ${reasonOf(thrown)}`);
}

function isOrdinaryError(thrown: unknown): thrown is Error {
  try {
    return !types.isProxy(thrown) && thrown instanceof Error;
  } catch {
    return false;
  }
}

/**
 * Returns the error for a value that {@link mayBeThenable} where a value is needed at once. Nobody waits for a promise.
 *
 * @param what names the function that returned it
 */
export function promisedBy(what: string, value: unknown, details: { readonly delivery?: Delivery } = {}): UsageError {
  mayBeIgnored(value);
  const text = `${what} gave a promise, a proxy, or something whose \`then\` is a function or a getter; give a value without them`;
  return new UsageError('ERR_USAGE', details, text);
}

/** Returns the reason of a signal that has fired; a signal that is not one of Node.js may not even be able to tell it. */
export function reasonOfSignal(signal: { readonly reason: unknown }): unknown {
  try {
    return signal.reason;
  } catch (error) {
    return error;
  }
}
