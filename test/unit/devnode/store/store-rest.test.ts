import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AskedNode, askedNode } from '../../../support/devnode-store.ts';

let asked: AskedNode;
beforeAll(async () => {
  asked = await askedNode();
});
afterAll(() => asked[Symbol.asyncDispose]());

const reasonOf = async (line: string, body?: unknown): Promise<string> => (await asked.ask(line, body)).body.error.reason;

test('mappings decide about new fields', async () => {
  await asked.ask('PUT /strict', { mappings: { dynamic: 'strict', properties: { a: { type: 'long' } } } });
  expect(await reasonOf('PUT /strict/_doc/1', { b: 1 })).toBe(
    'mapping set to strict, dynamic introduction of [b] within [_doc] is not allowed',
  );
  await asked.ask('PUT /lax', { mappings: { dynamic: false, properties: { a: { type: 'long' } } } });
  await asked.ask('PUT /lax/_doc/1?refresh=true', { a: 1, b: 2 });
  expect((await asked.ask('GET /lax/_search?q=b:2')).body.hits.total.value).toBe(0);
  expect((await asked.ask('GET /lax/_search?q=a:1')).body.hits.total.value).toBe(1);
});

test('the form of its first number makes the type of a field', async () => {
  const body = '{"whole":1,"fraction":20.0,"list":[{"x":3e2}],"dotted.y":4.0}';
  await asked.ask('PUT /numbers/_doc/1', body);
  expect((await asked.ask('GET /numbers/_mapping')).body['numbers']).toEqual({
    mappings: {
      properties: {
        whole: { type: 'long' },
        fraction: { type: 'float' },
        list: { properties: { x: { type: 'float' } } },
        dotted: { properties: { y: { type: 'float' } } },
      },
    },
  });
});

test('an object is no value, and a value no object', async () => {
  await asked.ask('PUT /shape/_doc/1', { o: { a: 1 }, v: 1 });
  expect(await reasonOf('PUT /shape/_doc/2', { o: 1 })).toBe(
    'object mapping for [o] tried to parse field [o] as object, but found a concrete value',
  );
  expect(await reasonOf('PUT /shape/_doc/2', { v: { a: 1 } })).toContain('failed to parse field [v] of type [long]');
});

test('a search by an alias sees what its filter lets through', async () => {
  await asked.ask('PUT /all', { aliases: { few: { filter: { term: { n: 1 } } }, every: {} } });
  await asked.ask('POST /every/_bulk?refresh=true', [{ index: { _id: '1' } }, { n: 1 }, { index: { _id: '2' } }, { n: 2 }]);
  const count = async (name: string) => (await asked.ask(`GET /${name}/_count`)).body['count'];
  expect(await Promise.all(['few', 'every', 'all', 'few,all', 'f*'].map(count))).toEqual([1, 2, 2, 2, 1]);
});

test('an alias of two indices takes writes only if one is marked for them', async () => {
  await asked.ask('PUT /w1', { aliases: { w: {} } });
  await asked.ask('PUT /w2', { aliases: { w: {} } });
  expect(await reasonOf('PUT /w/_doc/1', {})).toContain('no write index is defined for alias [w]');
  await asked.ask('PUT /w3', { aliases: { w: { is_write_index: true } } });
  expect((await asked.ask('PUT /w/_doc/1', {})).body['_index']).toBe('w3');
  expect(await reasonOf('GET /w/_doc/1')).toContain('alias [w] has more than one index associated with it [w1, w2, w3]');
});

test('scripts, pipelines and other analyzers are for a genuine node', async () => {
  await asked.ask('PUT /u/_doc/1', { a: 1 });
  for (const [line, body] of [
    ['POST /u/_update/1', { script: 'ctx._source.a++' }],
    ['PUT /u/_doc/2?pipeline=p', { a: 1 }],
    ['PUT /analysed', { mappings: { properties: { t: { type: 'text', analyzer: 'english' } } } }],
  ] as const) {
    const { status, body: answer } = await asked.ask(line, body);
    expect([status, answer.error.reason.includes("'ostp node --real'")], line).toEqual([501, true]);
  }
});

test('an update keeps numbers of any size', async () => {
  await asked.ask('PUT /big/_doc/1', '{"id":9007199254740993}');
  await asked.ask('POST /big/_update/1', { doc: { a: 1 } });
  const text = await (await fetch(`${asked.node.httpUrl}/big/_doc/1`)).text();
  expect(text).toContain('"_source":{"id":9007199254740993,"a":1}');
});

test('an endpoint that only a genuine node has says so', async () => {
  const { status, body } = await asked.ask('POST /facts/_delete_by_query', { query: { match_all: {} } });
  expect(status).toBe(501);
  expect(body.error.reason).toBe(
    "the development node does not support POST /{index}/_delete_by_query; use a genuine node instead: run 'ostp node --real'",
  );
});

test('facts for other parts of the node', async () => {
  await asked.ask('PUT /facts/_doc/1?refresh=true', { a: 1 });
  const rows = (await (await fetch(`${asked.node.httpUrl}/_cat/indices/facts?format=json`)).json()) as unknown;
  expect(rows).toMatchObject([{ index: 'facts', health: 'yellow', pri: '1', rep: '1', 'docs.count': '1' }]);
});

test('the parameters of a request are checked as a node does', async () => {
  expect(await reasonOf('GET /_search?nonsense=1')).toContain('request [/_search] contains unrecognized parameter: [nonsense]');
  expect(await reasonOf('PUT /facts/_doc/1?refresh=perhaps', {})).toContain('Unknown value for refresh');
  expect((await asked.ask('GET /_search?scroll=1m')).status).toBe(501);
});
