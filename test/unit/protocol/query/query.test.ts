import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../../../src/protocol/codec/codec.ts';
import { fromForm, toForm } from '../../../../src/protocol/codec/json-form.ts';
import { StatusError } from '../../../../src/protocol/error/status-error.ts';
import { DecodeError } from '../../../../src/protocol/error/transport-error.ts';
import { type Query, type QueryInit, queries, query, queryFromRest, queryToRest } from '../../../../src/protocol/query/query.ts';
import type { RestValue } from '../../../../src/protocol/query/rest-value.ts';
import { parseVersion } from '../../../../src/protocol/wire/version.ts';
import { type GoldenVector, goldenVectors, namedWriteables, queryVectors, releases } from '../../../vectors/load.ts';

const QUERY_BUILDER = 'org.opensearch.index.query.QueryBuilder';
const names = queries.map(({ name }) => name as string);

/** REST forms whose bytes differ from a node's, with the reason. */
const OTHER_BYTES: Readonly<Record<string, string>> = {
  '{"term":{"k":1.0}}': 'JSON.parse makes an integer of it',
  '{"term":{"k":9007199254740993}}': 'JSON.parse rounds it',
  '{"term":{"k":12345678901234567890}}': 'JSON.parse rounds it',
  '{"term":{"k":{"value":["a"]}}}': 'a node reads the text "]" from it, we refuse it',
};

/** REST forms that a node refuses in another way, with the reason. */
const OTHER_REFUSAL: Readonly<Record<string, string>> = {
  '{"bool":{"must":[],"must":{"match_all":{}}}}': 'JSON.parse takes the last of equal names',
  '{"trem":{"k":"v"}}': 'what has no codec travels in a wrapper: the node that searches refuses it',
  '{"bool":{"must":{"trem":{"k":1}}}}': 'what has no codec travels in a wrapper: the node that searches refuses it',
  '{"wrapper":{"query":5}}': 'the text of the JSON parser',
  '{"wrapper":{"query":"***"}}': 'the text of the JSON parser',
};

/** Texts of errors hold the place, which a parsed value does not know; parsers of 2.x and 3.x differ in a word and a type. */
function withoutPlace(reason: string): string {
  return reason
    .replace(/^\[\d+:\d+\] /, '')
    .replace(/ at (?:\[\d+:\d+\]|\d+:\d+)$/, '')
    .replace(/\n at \[Source: .*$/s, '')
    .replace(/negative \[boost\] are not allowed in \[\{.*\}\]/s, 'negative [boost] are not allowed in [term]')
    .replace('can not use', 'cannot use');
}

const typeOf = (type: string): string => (type === 'input_coercion_exception' ? 'json_parse_exception' : type);

const valueOf = (vector: GoldenVector, name: string): string => vector.value?.[name] as string;

const read = (vector: GoldenVector): Query =>
  decode(query, Buffer.from(vector.hex, 'hex'), { version: parseVersion(vector.streamVersion ?? '') });

const hexOf = (value: QueryInit, vector: GoldenVector): string =>
  encode(query, value, { version: parseVersion(vector.streamVersion ?? '') }).toString('hex');

describe.each(releases)('queries of %s', (release) => {
  const known = goldenVectors(release).filter((vector) => vector.kind === 'query' && names.includes(valueOf(vector, 'name')));
  const golden = known.filter((vector) => !vector.hex.includes(Buffer.from('\u0006exists').toString('hex')));
  const parsed = queryVectors(release).filter(({ check }) => check === 'bytes');
  const refused = queryVectors(release).filter(({ check }) => check === 'reject');

  test('each has a vector, and is a query of that release', () => {
    expect(new Set(golden.map((vector) => valueOf(vector, 'name')))).toEqual(new Set(names));
    expect(namedWriteables(release)[QUERY_BUILDER]).toEqual(expect.arrayContaining(names));
    expect(golden.length).toBeGreaterThan(10);
    expect(parsed.length + refused.length).toBeGreaterThan(100);
  });

  test.each([...golden, ...parsed])('$id is read to its last byte and written as it was', (vector) => {
    expect(hexOf(read(vector), vector)).toBe(vector.hex);
  });

  test.each([...golden, ...parsed])('$id has a JSON form that gives the same bytes', (vector) => {
    const form: unknown = JSON.parse(JSON.stringify(toForm(query.schema, read(vector))));
    expect(hexOf(fromForm(query.schema, form) as QueryInit, vector)).toBe(vector.hex);
  });

  test.each([...golden, ...parsed])('$id shows the REST form that a node shows', (vector) => {
    // A bigint is a number of JSON; the file was parsed by JSON.parse, which rounds it.
    const shown = JSON.parse(
      JSON.stringify(queryToRest(read(vector)), (_, item: unknown) => (typeof item === 'bigint' ? Number(item) : item)),
    );
    expect(shown).toEqual(JSON.parse(valueOf(vector, 'json')));
  });

  test.each(golden.filter(({ id }) => !id.startsWith('query.term.long')))('$id: its REST form gives its bytes', (vector) => {
    expect(hexOf(queryFromRest(JSON.parse(valueOf(vector, 'json')) as RestValue), vector)).toBe(vector.hex);
  });

  test.each(parsed.filter((vector) => !(valueOf(vector, 'rest') in OTHER_BYTES)))(
    '$id is parsed to the bytes of a node: $value.rest',
    (vector) => {
      expect(hexOf(queryFromRest(JSON.parse(valueOf(vector, 'rest')) as RestValue), vector)).toBe(vector.hex);
    },
  );

  test.each(refused.filter((vector) => !(valueOf(vector, 'rest') in OTHER_REFUSAL)))(
    '$id is refused as a node does: $value.rest',
    (vector) => {
      const error = thrownBy(() => queryFromRest(JSON.parse(valueOf(vector, 'rest')) as RestValue));
      expect(error).toBeInstanceOf(StatusError);
      const { status, type, reason } = error as StatusError;
      expect({ status, type: typeOf(type ?? ''), reason }).toEqual({
        status: vector.value?.['status'],
        type: typeOf(valueOf(vector, 'type')),
        reason: withoutPlace(valueOf(vector, 'reason')),
      });
    },
  );

  test('one without a codec is refused when it is read, also inside of another', () => {
    const inside = known.find((vector) => !golden.includes(vector)) as GoldenVector;
    const error = thrownBy(() => read(inside));
    expect(error).toBeInstanceOf(DecodeError);
    expect(error).toMatchObject({
      path: ['should', '[0]'],
      message: expect.stringContaining('Unknown query [exists], expected one of match_all, term, bool, wrapper'),
    });
  });
});

describe('the REST form of a query', () => {
  test('that has no codec travels in a wrapper, also inside of another', () => {
    const form = { match: { title: { query: 'a "b"', boost: 1.5 } } };
    expect(queryFromRest(form)).toEqual({ kind: 'wrapper', source: Buffer.from(JSON.stringify(form)) });
    expect(queryFromRest({ bool: { must: form } })).toMatchObject({ must: [{ kind: 'wrapper' }] });
  });

  test('keeps bigints', () => {
    expect(queryFromRest({ range: { n: { gte: 2n ** 60n } } })).toEqual({
      kind: 'wrapper',
      source: Buffer.from('{"range":{"n":{"gte":1152921504606846976}}}'),
    });
    const long = encode(query, queryFromRest({ term: { k: 2n ** 53n + 1n } })).toString('hex');
    expect(long).toBe('047465726d3f80000000016b02002000000000000100');
    const longer = encode(query, queryFromRest({ term: { k: 12345678901234567890n } })).toString('hex');
    expect(longer).toBe('047465726d3f80000000016b1514313233343536373839303132333435363738393000');
  });

  test('is bounded in depth', () => {
    let form: RestValue = { match_all: {} };
    for (let i = 0; i < 100_000; i++) form = { bool: { must: form } };
    expect(thrownBy(() => queryFromRest(form))).toBeInstanceOf(StatusError);
  });

  test('is bounded in depth for queries that travel in a wrapper, too', () => {
    let form: RestValue = 1;
    for (let i = 0; i < 900; i++) form = { some_query: form };
    expect(queryFromRest({ other: form } as RestValue).kind).toBe('wrapper');
    for (let i = 0; i < 100_000; i++) form = [form];
    const error = thrownBy(() => queryFromRest({ other: { values: form } }));
    expect(error).toBeInstanceOf(StatusError);
    expect(error).toMatchObject({ status: 400, type: 'illegal_argument_exception', reason: 'query nested deeper than 1000' });
  });

  test('is made of a query with fields left out', () => {
    expect(queryToRest({ kind: 'bool', must: [{ kind: 'term', fieldName: 'k', value: 'v' }] })).toEqual({
      bool: { must: [{ term: { k: { value: 'v', boost: 1 } } }], adjust_pure_negative: true, boost: 1 },
    });
    expect(queryToRest({ kind: 'wrapper', source: new Uint8Array([123, 34]) })).toEqual({ wrapper: { query: 'eyI=' } });
  });

  test.each([
    [{ kind: 'zzz' }, "got 'zzz'"],
    [null, 'got null'],
    [{ kind: 'bool', must: 5 }, 'must: expected an array'],
  ])('is not made of %j', (value, message) => {
    expect(thrownBy(() => queryToRest(value as never))).toMatchObject({ code: 'ERR_USAGE', message: expect.stringContaining(message) });
  });

  test('has names of any kind', () => {
    const form = JSON.parse('{"term":{"__proto__":{"value":"v"}}}') as RestValue;
    expect(queryToRest(decode(query, encode(query, queryFromRest(form))))).toEqual(
      JSON.parse('{"term":{"__proto__":{"value":"v","boost":1}}}'),
    );
    expect(queryFromRest(JSON.parse('{"__proto__":{}}') as RestValue).kind).toBe('wrapper');
  });

  test('comes back as it went, whatever it was', () => {
    fc.assert(
      fc.property(anyQuery, (value) => {
        const bytes = encode(query, value);
        const rest = JSON.parse(JSON.stringify(queryToRest(decode(query, bytes)))) as RestValue;
        expect(encode(query, queryFromRest(rest)).toString('hex')).toBe(bytes.toString('hex'));
      }),
    );
  });
});

describe('a query to send', () => {
  test.each([
    [{ kind: 'match_all', boost: -1 }, 'boost: expected a number >= 0, got -1'],
    [{ kind: 'term', fieldName: 'k', value: null }, 'value: value cannot be null'],
    [{ kind: 'bool', must: [{ kind: 'match' }] }, "must[0].kind: expected one of match_all, term, bool, wrapper, got 'match'"],
  ])('%j is refused', (value, message) => {
    expect(thrownBy(() => encode(query, value as never))).toMatchObject({ code: 'ERR_USAGE', message });
  });

  test('takes plain values for a term', () => {
    const hex = (value: string | number | bigint | boolean): string =>
      encode(query, { kind: 'term', fieldName: 'k', value }).toString('hex').slice('047465726d3f80000000016b'.length);
    expect(['v', 5, 5n, 2 ** 40, 1.5, -0, true].map(hex)).toEqual([
      '15017600',
      '010000000500',
      '010000000500',
      '02000001000000000000',
      '043ff800000000000000',
      '04800000000000000000',
      '050100',
    ]);
  });
});

/** Queries whose REST form says all: a long that fits an int comes back as an int. */
const common = { boost: fc.float({ min: 0, noNaN: true, noDefaultInfinity: true }), queryName: fc.option(fc.string()) };
const optionalKeys: { requiredKeys: ['kind']; noNullPrototype: true } = { requiredKeys: ['kind'], noNullPrototype: true };

const { anyQuery } = fc.letrec<{ anyQuery: QueryInit }>((tie) => {
  const clauses = fc.array(tie('anyQuery'), { maxLength: 2 });
  return {
    anyQuery: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.record({ kind: fc.constant('match_all'), ...common }, optionalKeys),
      fc.record(
        {
          kind: fc.constant('term'),
          fieldName: fc.string({ minLength: 1 }),
          value: fc.oneof(
            fc.string({ unit: 'grapheme' }),
            fc.maxSafeInteger(),
            fc.boolean(),
            fc.double({ noInteger: true, noNaN: true, noDefaultInfinity: true }),
          ),
          caseInsensitive: fc.boolean(),
          ...common,
        },
        { requiredKeys: ['kind', 'fieldName', 'value'], noNullPrototype: true },
      ),
      fc.record(
        {
          kind: fc.constant('bool'),
          must: clauses,
          mustNot: clauses,
          should: clauses,
          filter: clauses,
          adjustPureNegative: fc.boolean(),
          minimumShouldMatch: fc.option(fc.string()),
          ...common,
        },
        optionalKeys,
      ),
      fc.record(
        { kind: fc.constant('wrapper'), source: fc.uint8Array({ minLength: 1, maxLength: 20 }) },
        { requiredKeys: ['kind', 'source'], noNullPrototype: true },
      ),
    ) as unknown as fc.Arbitrary<QueryInit>,
  };
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
