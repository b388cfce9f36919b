import { expect, test } from 'vitest';
import { readSmile } from '../../../../../src/protocol/rest/smile/smile-reader.ts';
import { writeSmile } from '../../../../../src/protocol/rest/smile/smile-writer.ts';

const NAMES = { '': 1, ä: 2, [`n${'x'.repeat(63)}`]: 3, ['y'.repeat(65)]: 4, ['ü'.repeat(28)]: 5, ['ü'.repeat(29)]: 6 };

test.each<[what: string, value: unknown]>([
  ['constants', [null, true, false]],
  ['integers at the edges of their tokens', [0, 15, 16, -16, -17, 63, 64, -64, -65, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1]],
  ['numbers with a fraction', [0.5, -1.25, 1e300, Number.MIN_VALUE]],
  ['texts of each length', [0, 1, 31, 32, 33, 63, 64, 65, 300].map((length) => 'a'.repeat(length))],
  ['texts beyond ASCII', [1, 16, 17, 32, 33, 200].map((length) => 'é'.repeat(length))],
  ['names of each length', NAMES],
  ['nested values', { a: [{ b: {} }, []], c: { d: [[1], [2]] } }],
])('SMILE is read back: %s', (_what, value) => {
  expect(readSmile(writeSmile(value))).toEqual(value);
});

test('undefined members are left out', () => {
  expect(readSmile(writeSmile({ a: undefined, b: 1 }))).toEqual({ b: 1 });
});
