import { describe, expect, it } from 'vitest';
import { portRegistry } from '../../../../src/inspect/codec-port/port-registry.ts';
import { answer } from '../../../../src/cli/codec-port/serve-port.ts';
import { queries } from '../../../../src/protocol/query/query.ts';
import { type GoldenVector, goldenVectors, releases } from '../../../vectors/load.ts';

const ask = (request: object): Record<string, unknown> =>
  JSON.parse(answer(JSON.stringify(request), portRegistry)) as Record<string, unknown>;

/** The port's name for the type of a vector with check `bytes`. */
function typeOf({ kind, value }: GoldenVector): string {
  const { action, message } = (value ?? {}) as { action?: string; message?: string };
  if (kind === 'action.request') return `request:${action}`;
  if (kind === 'action.response') return `response:${action}`;
  return kind === 'extension' ? `extension:${message}` : kind;
}

/** Most queries have no codec here. */
const QUERIES = new Set(queries.map(({ name }) => name as string));
const isKnown = ({ kind, value, hex }: GoldenVector): boolean =>
  kind !== 'query' || (QUERIES.has(String(value?.['name'])) && !hex.includes(Buffer.from('exists').toString('hex')));

const types = new Set(portRegistry.types.keys());

describe.each(releases)('forms of every golden vector of bytes of %s', (release) => {
  const vectors = goldenVectors(release)
    .filter((vector) => vector.check === 'bytes' && isKnown(vector))
    .map((vector) => ({ ...vector, type: typeOf(vector) }))
    .filter(({ type }) => types.has(type));
  const kinds = [...new Set(vectors.map(({ kind }) => kind))];

  it.each(kinds)('%s: recode gives the bytes, and so does the form', (kind) => {
    for (const { id, type, streamVersion, hex } of vectors.filter((vector) => vector.kind === kind)) {
      const of = { type, version: streamVersion ?? release, peerVersion: release };
      expect(ask({ op: 'recode', ...of, hex }), id).toEqual({ ok: true, hex, rest: 0 });
      const decoded = ask({ op: 'decode', ...of, hex });
      expect(decoded, id).toMatchObject({ ok: true, rest: 0 });
      expect(ask({ op: 'encode', ...of, value: decoded['value'] }), id).toEqual({ ok: true, hex });
    }
  });
});
