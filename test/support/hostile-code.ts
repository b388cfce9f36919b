/* oxlint-disable unicorn/no-thenable, typescript/only-throw-error -- this is what users are told not to do */

/** What functions of a user may do instead of their work. */
export interface HostileCode {
  /** Does something hostile, perhaps by returning something hostile. */
  readonly act: () => unknown;
  /** Throws something hostile, always. */
  readonly fail: () => never;
  /** Settles, late, what never returned. */
  readonly settleAll: () => void;
}

/** Values that nobody expects to be thrown. */
export function hostileThrowables(): readonly unknown[] {
  const { proxy, revoke } = Proxy.revocable(new Error('revoked'), {});
  revoke();
  const silent = new Error('silent');
  Object.defineProperty(silent, 'stack', { get: () => refuse('no stack') });
  Object.defineProperty(silent, 'message', { get: () => refuse('no message') });
  return [
    null,
    undefined,
    0,
    '',
    Symbol('thrown'),
    Object.create(null),
    proxy,
    silent,
    new Proxy(new Error('in a proxy'), { get: () => refuse('no property') }),
    new Proxy({}, { get: () => refuse('no property'), getPrototypeOf: () => refuse('no prototype') }),
    { toString: () => refuse('no text') },
    new RangeError('ordinary'),
    thenable(() => refuse('no then')),
  ];
}

function refuse(text: string): never {
  throw new Error(text);
}

/** An object with a `then` of its own. */
export function thenable(then: (resolve: (value: unknown) => void, reject: (error: unknown) => void) => unknown): unknown {
  return { then };
}

/** @param random numbers from 0 to 1 */
export function hostileCode(random: () => number, reenter: () => unknown): HostileCode {
  const values = hostileThrowables();
  const waiting: (() => void)[] = [];
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const fail = (): never => {
    throw pick(values);
  };
  const late = (): Promise<unknown> =>
    new Promise((resolve, reject) => waiting.push(random() < 0.5 ? () => resolve(pick(values)) : () => reject(pick(values))));
  const acts: (() => unknown)[] = [
    fail,
    () => Promise.reject(pick(values)),
    async () => fail(),
    late,
    () => pick(values),
    () => Promise.resolve(pick(values)),
    () => thenable((resolve) => waiting.push(() => resolve(pick(values)))),
    () => thenable(fail),
    () =>
      thenable((resolve, reject) => {
        resolve({ text: 'one' });
        resolve({ text: 'two' });
        reject(pick(values));
        fail();
      }),
    () => Object.defineProperty({}, 'then', { get: fail }),
    () => Object.defineProperty(late(), 'then', { value: fail }),
    () => Object.defineProperty(Promise.reject(pick(values)), 'then', { value: () => undefined }),
    () => Object.defineProperty(Promise.reject(pick(values)), 'catch', { value: () => undefined }),
    () => {
      reenter();
      return pick(values);
    },
    () => {
      reenter();
      return fail();
    },
  ];
  return {
    act: () => pick(acts)(),
    fail,
    settleAll: () => {
      for (const settle of waiting.splice(0)) settle();
    },
  };
}

/** Objects that a caller may take for an AbortSignal. */
export function hostileSignals(fail: () => never): readonly AbortSignal[] {
  const plain = { aborted: false, reason: 'strange', addEventListener: () => undefined, removeEventListener: () => undefined };
  const made: object[] = [
    { ...plain, addEventListener: fail },
    { ...plain, removeEventListener: fail },
    { ...plain, addEventListener: (_type: string, told: () => void) => told() },
    { ...plain, addEventListener: (_type: string, told: () => void) => void (setImmediate(told), setImmediate(told)) },
    Object.defineProperty({ ...plain, addEventListener: (_type: string, told: () => void) => told() }, 'reason', { get: fail }),
    Object.defineProperty({ ...plain }, 'aborted', { get: fail }),
    Object.defineProperty({ ...plain, aborted: true }, 'reason', { get: fail }),
    Object.defineProperty({ ...plain }, 'addEventListener', { get: fail }),
    {},
    new Proxy(new AbortController().signal, { get: fail }),
  ];
  return made as AbortSignal[];
}
