import { expect, test } from 'vitest';
import { pathSegments } from '../../../../src/extension/rest/request-path.ts';

test('a path of a million segments is not taken apart to its end', () => {
  expect(pathSegments(`/_extensions/_me${'/a'.repeat(1_000_000)}`, '/', 'me').length).toBeLessThan(5_000);
  expect(pathSegments('/other', '/'.repeat(1_000_000), 'me')).toEqual([]);
});

test('a long genuine path is', () => {
  const genuine = Array.from({ length: 2_000 }, (_, i) => String(i % 10));
  expect(pathSegments(`/_extensions/_me/${genuine.join('/')}?a=1`, '/', 'me')).toEqual(genuine);
});
