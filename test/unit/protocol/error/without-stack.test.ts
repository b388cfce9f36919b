import { afterEach, describe, expect, test } from 'vitest';
import { withoutStack } from '../../../../src/protocol/error/without-stack.ts';

const { stackTraceLimit } = Error;
afterEach(() => {
  Object.defineProperty(Error, 'stackTraceLimit', { value: stackTraceLimit, writable: true, configurable: true, enumerable: true });
});

describe('an error that is made without a stack', () => {
  test('has its message and no frames', () => {
    expect(withoutStack(() => new TypeError('no such thing')).stack).toBe('TypeError: no such thing');
  });

  test('leaves the limit of the program as it was', () => {
    Error.stackTraceLimit = 3;
    withoutStack(() => new Error('one'));
    expect(Error.stackTraceLimit).toBe(3);
    expect(new Error('two').stack?.match(/\n {4}at /g)).toHaveLength(3);
  });

  test('leaves the limit as it was when the function throws', () => {
    const fail = (): Error => {
      throw new RangeError('three');
    };
    expect(() => withoutStack(fail)).toThrow('three');
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  });

  test('has frames if the limit cannot be changed', () => {
    Object.defineProperty(Error, 'stackTraceLimit', { value: 5, writable: false });
    expect(withoutStack(() => new Error('four')).stack).toMatch(/\n {4}at /);
  });
});
