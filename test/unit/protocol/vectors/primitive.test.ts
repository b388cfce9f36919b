import { describe, expect, it } from 'vitest';
import { valueTypes } from '../../../../src/inspect/codec-port/value-types.ts';
import type { Codec } from '../../../../src/protocol/codec/codec.ts';
import { decode, encode } from '../../../../src/protocol/codec/codec.ts';
import { fromForm, toForm } from '../../../../src/protocol/codec/json-form.ts';
import { DecodeError } from '../../../../src/protocol/error/transport-error.ts';
import { parseVersion } from '../../../../src/protocol/wire/version.ts';
import { releases } from '../../../vectors/load.ts';
import { valueVectors } from '../../../support/value-vectors.ts';

/** Longer values are cut at their first bytes only. */
const CUTS = 200;

describe.each(releases)('values as %s writes them', (release) => {
  const vectors = valueVectors('primitive', 'generic').filter((vector) => vector.release === release);

  it.each(vectors)('$id', ({ type, version: text, value, decoded, hex }) => {
    const codec = valueTypes[type] as Codec<unknown, unknown>;
    const version = parseVersion(text);
    const bytes = Buffer.from(hex, 'hex');

    expect(encode(codec, fromForm(codec.schema, value, version), { version }).toString('hex')).toBe(hex);
    expect(toForm(codec.schema, decode(codec, bytes, { version }), version)).toEqual(decoded);
  });

  it.each(vectors)('$id cut short', ({ type, version: text, hex }) => {
    const codec = valueTypes[type] as Codec<unknown, unknown>;
    const version = parseVersion(text);
    const bytes = Buffer.from(hex, 'hex');
    for (let end = 0; end < Math.min(bytes.length, CUTS); end++) {
      const error = thrownBy(() => decode(codec, bytes.subarray(0, end), { version }));
      expect(error, `first ${end} bytes`).toBeInstanceOf(DecodeError);
      expect((error as DecodeError).offset, `first ${end} bytes`).toBeLessThanOrEqual(end);
    }
  });
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
