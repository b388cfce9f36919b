import { expect, test } from 'vitest';
import { encodingOf } from '../../../../src/devnode/rest/http-answer.ts';

test.each([
  [undefined, null],
  ['', null],
  ['gzip', 'gzip'],
  ['deflate', 'deflate'],
  ['gzip, deflate', 'gzip'],
  ['deflate, gzip;q=0.5', 'deflate'],
  ['gzip;q=0', null],
  ['*', 'gzip'],
  ['gzip;q=0, *', 'deflate'],
  ['br', null],
  ['identity', null],
])('Accept-Encoding %j means %j', (accepted, expected) => {
  expect(encodingOf(accepted)).toBe(expected);
});
