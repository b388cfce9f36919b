import { expect, test } from 'vitest';
import { reasonOf } from '../../../../src/protocol/error/reason-of.ts';
import { StatusError } from '../../../../src/protocol/error/status-error.ts';
import { TransportError, UsageError } from '../../../../src/protocol/error/transport-error.ts';

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

test.each<[string, unknown]>([
  ['an object without a prototype', Object.create(null)],
  ['a revoked Proxy', revoked()],
  ['an error whose message has no text', Object.assign(new Error('x'), { message: Object.create(null) })],
])('%s can be thrown: asking for its class or its text does not throw', (_what, thrown) => {
  expect([thrown instanceof TransportError, thrown instanceof UsageError, thrown instanceof StatusError]).toEqual([false, false, false]);
  expect(reasonOf(thrown)).toBe('a value that has no text');
  expect(TransportError.from(thrown)).toMatchObject({ code: 'ERR_REMOTE', message: 'a value that has no text' });
});

test('a message that is not a string is shown as text', () => {
  expect(reasonOf(Object.assign(new Error('x'), { message: 5 }))).toBe('5');
});
