import { expect, test } from 'vitest';
import { callCases, bulkCases, scalingGroups } from '../../../bench/corpus/call.ts';
import { PAIRED_CASES } from '../../../bench/corpus/features.ts';
import { caseTitle } from '../../../bench/corpus/titles.ts';

test.each([
  ['k64 128 B c1', '64 calls in flight, 128 B bodies, 1 connection'],
  ['k1 1 MiB c4 TLS', '1 call in flight, 1 MiB bodies, 4 connections, TLS'],
  ['open 1000/s 128 B c1', 'open loop of 1000 calls per second, 128 B bodies, 1 connection'],
  ['OpenSearch 3.9.0 bulk k1', 'OpenSearch 3.9.0: bulk of 1000 documents, 1 in flight'],
  ['message/encode/2-headers/fresh', 'encode a message: 2 headers, fresh'],
  ['connections 1', '1 connection'],
  ['actions 1000', '1000 actions'],
  ['body KiB 10', 'bodies of 10 KiB'],
])('%s is %s', (name, title) => {
  expect(caseTitle(name)).toBe(title);
});

test('no case keeps a name that needs an explanation', () => {
  const names = [...callCases(true), ...bulkCases(true), ...scalingGroups().flat(), ...PAIRED_CASES].map(({ name }) => name);
  expect(names.length).toBeGreaterThan(60);
  for (const name of names) expect(caseTitle(name)).not.toMatch(/\b[kc]\d+\b|KiB \d/);
});
