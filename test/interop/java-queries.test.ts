import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decode, encode } from '../../src/protocol/codec/codec.ts';
import { type QueryInit, query, queryToRest } from '../../src/protocol/query/query.ts';
import type { TermQueryInit } from '../../src/protocol/query/term.ts';
import { V_2_19_0, V_2_19_6, V_3_9_0 } from '../../src/protocol/wire/version.ts';
import { arbitraryOf } from '../support/arbitraries.ts';
import { type JavaClasses, startJavaClasses } from '../support/interop-java.ts';
import { describeReleases } from '../support/interop-node.ts';
import { queryVectors, type Release } from '../vectors/load.ts';

/** How many values are made up. */
const VALUES = 300;

const PLAIN: readonly TermQueryInit['value'][] = [
  'v',
  'ä\u0000€',
  5,
  -5_000_000_000,
  1.5,
  true,
  { t: 'string', v: 'kept' },
  { t: 'float', v: 0.5 },
];

/** Terms whose values the classes can hold: a generic value can be more. Boosts that JSON has. */
function withPlainTerms(value: QueryInit, at: number = 0): QueryInit {
  const boost = Number.isFinite(value.boost) ? value.boost : undefined;
  if (value.kind === 'term') return { ...value, boost, value: PLAIN[(at + value.fieldName.length) % PLAIN.length] as string };
  if (value.kind !== 'bool') return { ...value, boost };
  const clauses = (queries: readonly QueryInit[] = []) => queries.map((inner, i) => withPlainTerms(inner, at + i + 1));
  return {
    ...value,
    boost,
    must: clauses(value.must),
    mustNot: clauses(value.mustNot),
    should: clauses(value.should),
    filter: clauses(value.filter),
  };
}

/** A Java before 19 does not print the shortest text of a float. */
function sameFloats(json: string): unknown {
  return JSON.parse(json, (name, item: unknown) => (name === 'boost' ? Math.fround(item as number) : item));
}

const toNumber = (item: unknown): unknown => (typeof item === 'bigint' ? Number(item) : item);

await describeReleases('queries of the released classes', (release) => {
  let java: JavaClasses;
  const own = release.startsWith('2.') ? V_2_19_6 : V_3_9_0;

  beforeAll(async () => {
    java = await startJavaClasses(release, 'Queries');
  });
  afterAll(() => java?.close());

  test('the vectors are what the classes say', async () => {
    for (const { id, value, hex, check } of queryVectors(release as Release)) {
      const answer = await java.ask('parse', own, Buffer.from(String(value?.['rest'])).toString('base64'));
      const { rest: _, ...expected } = value as Readonly<Record<string, unknown>>;
      expect(answer, id).toEqual(check === 'bytes' ? { ...expected, hex } : expected);
    }
  });

  test('what we write they read to its end, write as it was, and show as we do', async () => {
    let written = 0;
    for (const value of fc.sample(arbitraryOf(query.schema), { numRuns: VALUES, seed: 7 })) {
      const version = written % 2 === 0 ? own : V_2_19_0;
      const bytes = encode(query, withPlainTerms(value as QueryInit), { version });
      const answer = await java.ask('read', version, bytes.toString('hex'));
      expect(answer).toMatchObject({ rest: 0, hex: bytes.toString('hex') });
      const ours = JSON.stringify(queryToRest(decode(query, bytes, { version })), (_, item: unknown) => toNumber(item));
      expect(sameFloats(ours)).toEqual(sameFloats(answer.json ?? ''));
      written++;
    }
    expect(written).toBe(VALUES);
  });

  test('the REST forms that we make of plain queries are theirs', async () => {
    const term = { kind: 'term', fieldName: 'k', value: 'ä"\n', boost: 1.1, queryName: 'n', caseInsensitive: true } as const;
    const bytes = encode(query, { kind: 'bool', must: [term, { kind: 'match_all', boost: 0.3 }], minimumShouldMatch: '3<90%' });
    const answer = await java.ask('read', own, bytes.toString('hex'));
    expect(queryToRest(decode(query, bytes))).toEqual(JSON.parse(answer.json ?? ''));
  });
});
