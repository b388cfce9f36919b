import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueTypes } from '../../src/inspect/codec-port/value-types.ts';
import { catalogue } from '../../src/protocol/action/catalogue.ts';
import { extensionMessages } from '../../src/protocol/action/extension/messages.ts';
import { type AnyCodec, type Codec, decode, encode } from '../../src/protocol/codec/codec.ts';
import { schemaFold } from '../../src/protocol/codec/fold-schema.ts';
import { fromForm, toForm } from '../../src/protocol/codec/json-form.ts';
import { query } from '../../src/protocol/query/query.ts';
import { DecodeError, UsageError } from '../../src/protocol/error/transport-error.ts';
import { V_2_0_0, V_2_11_0, V_2_17_0, V_2_19_0, V_3_0_0, V_3_2_0, V_3_9_0 } from '../../src/protocol/wire/version.ts';
import { arbitraryOf, NoArbitrary } from '../support/arbitraries.ts';

/** Below 2.0.0 the order of roles does not survive: `cluster_manager` stands as `master` in the place of its own name. */
const VERSIONS = [V_2_0_0, V_2_11_0, V_2_17_0, V_2_19_0, V_3_0_0, V_3_2_0, V_3_9_0];
const version = fc.constantFrom(...VERSIONS);

const codecs: Readonly<Record<string, AnyCodec>> = {
  ...valueTypes,
  query,
  ...Object.fromEntries(Object.entries(extensionMessages).map(([name, codec]) => [`extension:${name}`, codec])),
  ...Object.fromEntries(
    catalogue.flatMap(({ name, request, response }) => [
      [`request:${name}`, request],
      [`response:${name}`, response],
    ]),
  ),
};

function valuesOf(codec: AnyCodec): fc.Arbitrary<unknown> | null {
  try {
    return arbitraryOf(codec.schema);
  } catch (error) {
    if (error instanceof NoArbitrary) return null;
    throw error;
  }
}

const all = Object.entries(codecs).map(([name, codec]) => ({ name, codec: codec as Codec<unknown, unknown>, values: valuesOf(codec) }));
const made = all.flatMap(({ values, ...rest }) => (values === null ? [] : [{ ...rest, values }]));

/** No bytes at all are an unknown version; the last field is one that older nodes do not send. */
const MAY_END_EARLY = ['request:internal:tcp/handshake', 'request:internal:discovery/extensions', 'extension:InitializeExtensionRequest'];

const no = (): boolean => false;

/** True where the end of the bytes may be the end of the value. */
const endsAnywhere = schemaFold<boolean>({
  scalar: no,
  bytes: ({ name }) => name === 'rest',
  enum: no,
  enumSet: no,
  list: no,
  map: no,
  mapOfLists: no,
  optional: (of) => of,
  struct: (fields) => fields.some(({ result }) => result),
  gate: (of) => of,
  lazy: no,
  union: (cases) => cases.some(({ result }) => result),
  custom: no,
});

/** The bytes of a value; one that the codec refuses (its schema cannot say everything) does not count. */
function encoded(codec: Codec<unknown, unknown>, value: unknown, at: number): Buffer {
  try {
    return encode(codec, value, { version: at });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return fc.pre(false) as never;
  }
}

describe('every codec', () => {
  it('has values made up for all but a few hand-written ones', () => {
    expect(made.length).toBeGreaterThan(100);
  });

  it.each(made)('$name: what was read is written again as it was', ({ codec, values }) => {
    fc.assert(
      fc.property(values, version, (value, at) => {
        const bytes = encoded(codec, value, at);
        const read = decode(codec, bytes, { version: at });
        expect(encode(codec, read, { version: at }).equals(bytes)).toBe(true);
        expect(decode(codec, bytes, { version: at })).toEqual(read);
      }),
      { numRuns: runs(40) },
    );
  });

  it.each(made)('$name: the JSON form gives the same bytes', ({ codec, values }) => {
    fc.assert(
      fc.property(values, version, (value, at) => {
        const bytes = encoded(codec, value, at);
        const form = JSON.parse(JSON.stringify(toForm(codec.schema, decode(codec, bytes, { version: at }), at)));
        expect(encode(codec, fromForm(codec.schema, form, at), { version: at }).toString('hex')).toBe(bytes.toString('hex'));
      }),
      { numRuns: runs(25) },
    );
  });

  it.each(made)('$name: what one version reads another writes, or refuses with ERR_USAGE', ({ codec, values }) => {
    fc.assert(
      fc.property(values, version, version, (value, from, to) => {
        const read = decode(codec, encoded(codec, value, from), { version: from });
        let bytes: Buffer;
        try {
          bytes = encode(codec, read, { version: to });
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
          return;
        }
        decode(codec, bytes, { version: to });
      }),
      { numRuns: runs(25) },
    );
  });

  it.each(made)('$name: cut anywhere it is a DecodeError', ({ name, codec, values }) => {
    const lenient = MAY_END_EARLY.includes(name) || endsAnywhere(codec.schema);
    fc.assert(
      fc.property(values, version, fc.nat(), (value, at, cut) => {
        const bytes = encoded(codec, value, at);
        if (bytes.length === 0) return;
        const end = cut % bytes.length;
        const error = thrownBy(() => decode(codec, bytes.subarray(0, end), { version: at }));
        if (lenient && error === undefined) return;
        expect(error).toBeInstanceOf(DecodeError);
        expect((error as DecodeError).offset).toBeLessThanOrEqual(end);
      }),
      { numRuns: runs(40) },
    );
  });

  it.each(all)('$name: of any bytes it makes a value that can be written, or a DecodeError', ({ codec }) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), version, (bytes, at) => {
        let value: unknown;
        try {
          value = decode(codec, bytes, { version: at });
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
          return;
        }
        const error = thrownBy(() => encode(codec, value, { version: at }));
        if (error !== undefined) expect(error).toBeInstanceOf(UsageError);
      }),
      { numRuns: runs(100) },
    );
  });
});

/** Fewer than usual, because there are so many codecs; the fuzz mode has its own number. */
function runs(usual: number): number {
  return Number(process.env['FUZZ_RUNS'] ?? usual);
}

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
