import { describe, expect, it } from 'vitest';
import { perform } from '../../../../src/inspect/codec-port/operations.ts';
import { portRegistry } from '../../../../src/inspect/codec-port/port-registry.ts';
import { queryVectors, releases } from '../../../vectors/load.ts';

const ask = (request: object): object => perform(request as never, portRegistry);

/** Numbers that `JSON.parse` does not keep; a node reads the text `]` from an array, we refuse it. */
const NOT_KEPT = /1\.0\}|\d{16}|\["a"\]/;

describe.each(releases)('queries of %s on the codec port', (release) => {
  const vectors = queryVectors(release).filter(({ check, value }) => check === 'bytes' && !NOT_KEPT.test(String(value?.['rest'])));

  it('are encoded from REST forms, and from the forms they are decoded to', () => {
    expect(vectors.length).toBeGreaterThan(10);
    for (const { id, value, streamVersion: version, hex } of vectors) {
      const rest: unknown = JSON.parse(String(value?.['rest']));
      expect(ask({ op: 'encode', type: 'query', version, value: rest }), id).toEqual({ hex });
      const decoded = ask({ op: 'decode', type: 'query', version, hex });
      expect(decoded, id).toMatchObject({ rest: 0, value: { kind: expect.any(String) } });
      expect(ask({ op: 'encode', type: 'query', version, value: (decoded as { value: unknown }).value }), id).toEqual({ hex });
    }
  });
});

describe('the type query', () => {
  it('is listed', () => {
    expect(ask({ op: 'ping' })).toMatchObject({ types: expect.arrayContaining(['query']) });
  });

  it('shows the form of a term', () => {
    const { hex } = ask({ op: 'encode', type: 'query', value: { term: { user: 'kim' } } }) as { hex: string };
    expect(ask({ op: 'decode', type: 'query', hex })).toEqual({
      value: { kind: 'term', boost: 1, queryName: null, fieldName: 'user', value: { t: 'bytesRef', v: '6b696d' }, caseInsensitive: false },
      rest: 0,
    });
  });

  it('refuses what is no query, as a node does', () => {
    expect(() => ask({ op: 'encode', type: 'query', value: { term: 5 } })).toThrow('no start_object after query name');
    expect(() => ask({ op: 'encode', type: 'query', value: { kind: 'zzz' } })).toThrow(
      'kind: expected one of match_all, term, bool, wrapper',
    );
  });
});
