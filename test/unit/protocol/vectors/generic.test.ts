import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../../../src/protocol/codec/codec.ts';
import { genericFromForm } from '../../../../src/protocol/codec/generic-form.ts';
import { LEAF_KINDS, MAP_TAGS, SEQUENCE_TAGS } from '../../../../src/protocol/codec/generic-kinds.ts';
import { fromGeneric, toGeneric } from '../../../../src/protocol/codec/generic-natural.ts';
import { genericValue } from '../../../../src/protocol/codec/generic-value.ts';
import { valueVectors } from '../../../support/value-vectors.ts';

const vectors = valueVectors('generic');

describe('generic values of both releases', () => {
  it('show every tag', () => {
    const tags = new Set(vectors.map(({ hex }) => Buffer.from(hex, 'hex').readInt8(0)));
    const known = [...Object.values(LEAF_KINDS).map(({ tag }) => tag), ...Object.values(SEQUENCE_TAGS), ...Object.values(MAP_TAGS)];
    expect([...tags].sort((a, b) => a - b)).toEqual(known.sort((a, b) => a - b));
  });

  it.each(vectors)('$release $id encodes again as it is', ({ hex }) => {
    const value = decode(genericValue, Buffer.from(hex, 'hex'));
    expect(encode(genericValue, value).toString('hex')).toBe(hex);
  });

  it.each(vectors)('$release $id has a plain value that is generic again', ({ value }) => {
    const plain = fromGeneric(genericFromForm(value));
    expect(fromGeneric(toGeneric(plain))).toEqual(plain);
  });
});
