import { expect, test } from 'vitest';
import { UsageError } from '../../../src/protocol/error/transport-error.ts';
import { parseRelease } from '../../../src/realnode/release.ts';

test.each([
  ['2.2.0', 2, 2, 11],
  ['2.19.6', 2, 19, 11],
  ['3.0.0-beta1', 3, 0, 21],
  ['3.9.0', 3, 9, 21],
  ['3.10.0-SNAPSHOT', 3, 10, 21],
])('%s is release %i.%i and needs Java %i', (version, major, minor, javaAtLeast) => {
  expect(parseRelease(version)).toEqual({ version, major, minor, javaAtLeast });
});

test.each([
  '',
  '3',
  '3.9',
  'v3.9.0',
  '3.9.0.1',
  'latest',
  '3.9.0</version>',
  '../3.9.0',
  '3.9.0-../x',
  '3.9.0\n',
  '2.1.0',
  '1.3.20',
  '99999.0.0',
])('%j is refused', (version) => {
  expect(() => parseRelease(version)).toThrow(UsageError);
});
