import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../../../src/inspect/codec-port/registry.ts';
import { answer } from '../../../../src/cli/codec-port/serve-port.ts';
import { valueVectors } from '../../../support/value-vectors.ts';

const registry = createRegistry();
const vectors = valueVectors();

const ask = (request: object): Record<string, unknown> => JSON.parse(answer(JSON.stringify(request), registry)) as Record<string, unknown>;

const types = [...new Set(vectors.map(({ type }) => type))];

describe('the codec port on every golden vector of a value', () => {
  it('knows every type', () => {
    expect(types.length).toBeGreaterThan(70);
    expect(types.filter((type) => !registry.types.has(type))).toEqual([]);
  });

  it.each(types)('%s', (type) => {
    for (const { id, version, value, decoded, hex } of vectors.filter((vector) => vector.type === type)) {
      expect(ask({ op: 'encode', type, version, value }), id).toEqual({ ok: true, hex });
      expect(ask({ op: 'decode', type, version, hex }), id).toEqual({ ok: true, value: decoded, rest: 0 });
      expect(ask({ op: 'recode', type, version, hex }), id).toMatchObject({ ok: true, rest: 0 });
    }
  });
});
