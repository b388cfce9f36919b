import { beforeAll, afterAll, describe, expect, test } from 'vitest';
import { type AskedNode, askedNode } from '../../../support/devnode-store.ts';

let asked: AskedNode;

beforeAll(async () => {
  asked = await askedNode();
  const pets = [
    { name: 'Rex', kind: 'dog', age: 3, born: '2020-05-01', bio: 'a quick brown dog', tags: ['loud', 'big'], home: { city: 'Ulm' } },
    { name: 'Tom', kind: 'cat', age: 7, born: '2016-01-31T12:00:00Z', bio: 'a slow cat, a very slow cat', tags: ['quiet'] },
    { name: 'Ivy', kind: 'dog', age: 1, born: '2022-11-11', bio: 'quick', isSmall: true },
    { name: 'Bo', kind: 'bird' },
  ];
  const { body } = await asked.ask(
    'POST /pets/_bulk?refresh=true',
    pets.flatMap((pet, at) => [{ index: { _id: String(at + 1) } }, pet]),
  );
  expect(body.items).toHaveLength(4);
});
afterAll(() => asked[Symbol.asyncDispose]());

async function idsOf(body: unknown): Promise<string[]> {
  const answer = await asked.ask('POST /pets/_search', body);
  expect(answer.body.error).toBeUndefined();
  return answer.body.hits.hits.map(({ _id }) => _id);
}

describe('queries', () => {
  test.each<[string, unknown, string[]]>([
    ['match_all', { match_all: {} }, ['1', '2', '3', '4']],
    ['match_none', { match_none: {} }, []],
    ['term on a keyword', { term: { 'kind.keyword': 'dog' } }, ['1', '3']],
    ['term on a number', { term: { age: 7 } }, ['2']],
    ['term on a date means the day', { term: { born: '2016-01-31' } }, ['2']],
    ['terms', { terms: { age: [1, 3, 9] } }, ['1', '3']],
    ['match: shorter texts come first', { match: { bio: 'QUICK' } }, ['3', '1']],
    ['match: more of a word comes first', { match: { bio: 'slow a' } }, ['2', '1']],
    ['match with and', { match: { bio: { query: 'quick dog', operator: 'and' } } }, ['1']],
    ['match_phrase', { match_phrase: { bio: 'brown dog' } }, ['1']],
    ['match_phrase in the other order', { match_phrase: { bio: 'dog brown' } }, []],
    ['multi_match', { multi_match: { query: 'ivy quick', fields: ['name^5', 'bio'] } }, ['3', '1']],
    ['ids', { ids: { values: ['4', '2', 'x'] } }, ['2', '4']],
    ['range of numbers', { range: { age: { gt: 1, lte: 7 } } }, ['1', '2']],
    ['range of dates', { range: { born: { gte: '2020-05-01', lt: '2023' } } }, ['1', '3']],
    ['range with date math', { range: { born: { gte: '2022-12-11||-1M/M', lte: 'now' } } }, ['3']],
    ['exists', { exists: { field: 'home' } }, ['1']],
    ['prefix', { prefix: { 'name.keyword': 'T' } }, ['2']],
    ['wildcard', { wildcard: { 'name.keyword': { value: '*o*' } } }, ['2', '4']],
    ['bool', { bool: { must: { term: { kind: 'dog' } }, must_not: { term: { isSmall: true } } } }, ['1']],
    ['bool with should alone', { bool: { should: [{ term: { age: 7 } }, { term: { age: 1 } }], minimum_should_match: 1 } }, ['2', '3']],
    ['constant_score', { constant_score: { filter: { range: { age: { lt: 5 } } } } }, ['1', '3']],
  ])('%s', async (_, query, expected) => {
    expect(await idsOf({ query })).toEqual(expected);
  });

  test('what only a node has is a 501 that says where to go', async () => {
    for (const body of [{ query: { fuzzy: { name: 'x' } } }, { suggest: {} }, { aggs: { h: { histogram: {} } } }, { sort: '_script' }]) {
      const answer = await asked.ask('POST /pets/_search', body);
      expect(answer.status, JSON.stringify(body)).toBe(501);
      expect(answer.body.error.reason).toContain("ostp node --real'");
    }
  });

  test('a query that is nested without end is refused', async () => {
    const query = `${'{"bool":{"must":'.repeat(3000)}{"match_all":{}}${'}}'.repeat(3000)}`;
    expect((await asked.ask('POST /pets/_search', `{"query":${query}}`)).status).toBe(400);
  });

  test('q and its fields', async () => {
    const ids = async (uri: string) => (await asked.ask(`GET /pets/_search?${uri}`)).body.hits.hits.map(({ _id }) => _id);
    expect(await ids('q=quick')).toEqual(['3', '1']);
    expect(await ids('q=bio:quick%20AND%20kind:dog')).toEqual(['3', '1']);
    expect(await ids('q=bio:%22brown%20dog%22')).toEqual(['1']);
    expect((await asked.ask('GET /pets/_search?q=(a%20OR%20b)')).status).toBe(501);
  });
});

describe('order and pages', () => {
  test('sort, missing values last, from and size, search_after', async () => {
    expect(await idsOf({ sort: ['age'] })).toEqual(['3', '1', '2', '4']);
    expect(await idsOf({ sort: [{ age: 'desc' }] })).toEqual(['2', '1', '3', '4']);
    expect(await idsOf({ sort: [{ 'kind.keyword': 'desc' }, { age: 'desc' }] })).toEqual(['1', '3', '2', '4']);
    expect(await idsOf({ sort: ['age'], from: 1, size: 2 })).toEqual(['1', '2']);
    expect(await idsOf({ sort: ['age'], search_after: [1] })).toEqual(['1', '2', '4']);
  });

  test('parts of the source', async () => {
    const { body } = await asked.ask('POST /pets/_search', {
      query: { ids: { values: ['1'] } },
      _source: { includes: ['h*', 'name'], excludes: ['*.x'] },
    });
    expect(body.hits.hits[0]?._source).toEqual({ name: 'Rex', home: { city: 'Ulm' } });
  });
});

test('aggregations with others inside', async () => {
  const aggs = { kinds: { terms: { field: 'kind.keyword' }, aggs: { age: { avg: { field: 'age' } } } }, oldest: { max: { field: 'age' } } };
  const { body } = await asked.ask('POST /pets/_search', { size: 0, aggs });
  expect(body.aggregations['oldest']).toEqual({ value: 7 });
  expect(body.aggregations['kinds']?.buckets).toEqual([
    { key: 'dog', doc_count: 2, age: { value: 2 } },
    { key: 'bird', doc_count: 1, age: { value: null } },
    { key: 'cat', doc_count: 1, age: { value: 7 } },
  ]);
});

test('a write is seen by gets at once and by searches within about a second', async () => {
  await asked.ask('PUT /later/_doc/1', { a: 1 });
  expect((await asked.ask('GET /later/_doc/1')).status).toBe(200);
  expect((await asked.ask('GET /later/_search')).body.hits.total.value).toBe(0);
  await expect.poll(async () => (await asked.ask('GET /later/_search')).body.hits.total.value, { timeout: 8000 }).toBe(1);
});

test('the bound of documents', async () => {
  await using small = await askedNode({ maxDocs: 2 });
  for (const id of ['1', '2', '1']) expect((await small.ask(`PUT /a/_doc/${id}`, { a: 1 })).status).toBeLessThan(300);
  const { status, body } = await small.ask('PUT /b/_doc/3', { a: 1 });
  expect(status).toBe(429);
  expect(body.error).toMatchObject({
    type: 'circuit_breaking_exception',
    reason: expect.stringContaining('2 documents at most') as string,
  });
  await small.ask('DELETE /a/_doc/1');
  expect((await small.ask('PUT /b/_doc/3', { a: 1 })).status).toBe(201);
});
