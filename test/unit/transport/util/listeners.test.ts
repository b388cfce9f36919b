import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Listeners } from '../../../../src/transport/util/listeners.ts';

type Event = { readonly type: 'opened'; readonly name: string } | { readonly type: 'closed' };

const TYPES = { opened: true, closed: true } as const;
const emitWarning = vi.spyOn(process, 'emitWarning');

beforeEach(() => void emitWarning.mockImplementation(() => undefined));
afterEach(() => void emitWarning.mockReset());

test('every listener of a type is told, in the order they were added, after onEvent', () => {
  const told: string[] = [];
  const listeners = new Listeners<Event>('client', TYPES, ({ type }) => told.push(`all ${type}`));
  listeners.add('opened', ({ name }) => told.push(`first ${name}`));
  listeners.add('opened', ({ name }) => told.push(`second ${name}`));
  listeners.emit({ type: 'opened', name: 'a' });
  listeners.emit({ type: 'closed' });
  expect(told).toEqual(['all opened', 'first a', 'second a', 'all closed']);
});

test('a listener that was removed is told no more; one that was added twice is told once', () => {
  const listeners = new Listeners<Event>('client', TYPES);
  const listener = vi.fn();
  listeners.add('closed', listener);
  listeners.add('closed', listener);
  expect(listeners.hears('closed')).toBe(true);
  listeners.emit({ type: 'closed' });
  listeners.remove('closed', listener);
  listeners.emit({ type: 'closed' });
  expect(listener).toHaveBeenCalledTimes(1);
  expect(listeners.hears('closed')).toBe(false);
});

test('a listener may remove itself, and add others, while it is told', () => {
  const listeners = new Listeners<Event>('client', TYPES);
  const late = vi.fn();
  const once = vi.fn(() => {
    listeners.remove('closed', once);
    listeners.add('closed', late);
  });
  listeners.add('closed', once);
  listeners.emit({ type: 'closed' });
  expect(late).not.toHaveBeenCalled();
  listeners.emit({ type: 'closed' });
  expect([once, late].map((one) => one.mock.calls.length)).toEqual([1, 1]);
});

test.each<[string, () => unknown]>([
  [
    'throws an error',
    () => {
      throw new Error('boom');
    },
  ],
  ['returns a promise that rejects', () => Promise.reject(new Error('boom'))],
  [
    'throws what is no error',
    () => {
      throw Object.create(null);
    },
  ],
  [
    'throws an error whose message has no text',
    () => {
      throw Object.assign(new Error('x'), { message: Symbol('no text') });
    },
  ],
  [
    'throws what throws when it is shown',
    () => {
      throw Object.assign(Object.create(null), {
        [inspect.custom]() {
          throw new Error('boom');
        },
      });
    },
  ],
  [
    'throws what is revoked',
    () => {
      const { proxy, revoke } = Proxy.revocable(new Error('x'), {});
      revoke();
      throw proxy;
    },
  ],
  [
    'returns a thenable that throws',
    () => ({
      // oxlint-disable-next-line unicorn/no-thenable -- it is what is tested
      then() {
        throw new Error('boom');
      },
    }),
  ],
])('a listener that %s causes a process warning, and the others are told', async (_what, listener) => {
  const after = vi.fn();
  const listeners = new Listeners<Event>('server', TYPES, listener as () => void);
  listeners.add('closed', listener as () => void);
  listeners.add('closed', after);
  listeners.emit({ type: 'closed' });
  await new Promise((resolve) => setImmediate(resolve));
  expect(after).toHaveBeenCalledTimes(1);
  expect(emitWarning).toHaveBeenCalledTimes(2);
  const [text, options] = emitWarning.mock.calls[0] as unknown as [string, object];
  expect(text).toMatch(/^a listener of the server event 'closed' failed: /);
  expect(options).toMatchObject({ type: 'ListenerWarning', code: 'ERR_LISTENER_FAILED' });
});

test('an unknown type is refused with the closest one, and so is a listener that is not a function', () => {
  const listeners = new Listeners<Event>('client', TYPES);
  expect(() => listeners.add('open' as never, () => undefined)).toThrow("unknown event 'open' of a client; did you mean 'opened'?");
  expect(() => listeners.remove('x' as never, () => undefined)).toThrow("unknown event 'x' of a client; expected one of opened, closed");
  expect(() => listeners.add('closed', 5 as never)).toThrow("the listener of 'closed' must be a function, got number");
});
