import fc from 'fast-check';
import { expect, test } from 'vitest';
import { docs } from '../../../src/actions.ts';
import { nestedDeleteRequest } from '../../../src/protocol/action/docs/delete-request.ts';
import { nestedIndexRequest } from '../../../src/protocol/action/docs/index-request.ts';
import { nestedUpdateRequest } from '../../../src/protocol/action/docs/update-request.ts';
import { type AnyCodec, type Codec, decode, encode } from '../../../src/protocol/codec/codec.ts';
import { DecodeError } from '../../../src/protocol/error/transport-error.ts';
import { V_2_0_0, V_2_19_0, V_3_0_0, V_3_9_0 } from '../../../src/protocol/wire/version.ts';
import { arbitraryOf } from '../../support/arbitraries.ts';

const item = fc.oneof(
  itemOf('index', nestedIndexRequest),
  itemOf('create', nestedIndexRequest),
  itemOf('delete', nestedDeleteRequest),
  itemOf('update', nestedUpdateRequest),
);

function itemOf(kind: string, codec: AnyCodec): fc.Arbitrary<object> {
  return arbitraryOf(codec.schema).map((request) => ({ ...(request as object), kind }));
}

const request = docs.bulk.request as unknown as Codec<unknown, unknown>;
const values = fc.record({ items: fc.array(item, { maxLength: 3 }) }, { noNullPrototype: true });
const version = fc.constantFrom(V_2_0_0, V_2_19_0, V_3_0_0, V_3_9_0);

function encodable(value: unknown, at: number): Buffer {
  try {
    return encode(request, value, { version: at });
  } catch {
    return fc.pre(false) as never;
  }
}

test('a bulk request is written again as it was read', () => {
  fc.assert(
    fc.property(values, version, (value, at) => {
      const bytes = encodable(value, at);
      const read = decode(request, bytes, { version: at });
      expect(encode(request, read, { version: at }).equals(bytes)).toBe(true);
    }),
  );
});

test('a bulk request cut anywhere is refused', () => {
  fc.assert(
    fc.property(values, version, fc.nat(), (value, at, cut) => {
      const bytes = encodable(value, at);
      expect(() => decode(request, bytes.subarray(0, cut % bytes.length), { version: at })).toThrow(DecodeError);
    }),
  );
});
