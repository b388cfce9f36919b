import { describe, expect, test } from 'vitest';
import { docs } from '../../../../src/actions.ts';
import { plainSource } from '../../../../src/protocol/action/shared/plain-source.ts';
import { decode } from '../../../../src/protocol/codec/codec.ts';
import { deflateBody } from '../../../../src/protocol/frame/native/compression.ts';
import { parseVersion } from '../../../../src/protocol/wire/version.ts';
import { goldenVectors, releases } from '../../../vectors/load.ts';

interface Book {
  readonly title: string;
}

/** Bytes that a genuine node wrote, and the version of their stream. */
function genuine(release: (typeof releases)[number], id: string): [Buffer, { readonly version: number }] {
  const vector = goldenVectors(release).find((each) => each.id === `${id}@${release}`);
  expect(vector, `${id} is among the vectors`).toBeDefined();
  return [Buffer.from(vector?.hex ?? '', 'hex'), { version: parseVersion(release) }];
}

const got = (source: Buffer | null) => ({ source });

describe('sourceOf', () => {
  test.each(releases)('parses the source of an answer of %s', (release) => {
    expect(docs.sourceOf(decode(docs.get.response, ...genuine(release, 'act.get.response')))).toEqual({ a: 1 });
  });

  test('gives the type the caller names', () => {
    const book: Book | null = docs.sourceOf<Book>(got(Buffer.from('{"title":"Dune"}')));
    expect(book?.title).toBe('Dune');
  });

  test('inflates a compressed source', () => {
    expect(docs.sourceOf(got(deflateBody(Buffer.from('{"a":1}'))))).toEqual({ a: 1 });
  });

  test('parses what any Uint8Array holds', () => {
    const whole = new TextEncoder().encode('..{"a":1}');
    expect(docs.sourceOf({ source: whole.subarray(2) })).toEqual({ a: 1 });
  });

  test('parses the document of an update', () => {
    const updated = decode(docs.update.response, ...genuine('3.9.0', 'act.update.getResult.response'));
    expect(docs.sourceOf(updated.getResult as NonNullable<typeof updated.getResult>)).toEqual(expect.any(Object));
  });

  test.each([[null], [undefined], [{}], [{ source: '{"a":1}' }]])('refuses %j', (result) => {
    expect(() => docs.sourceOf(result as never)).toThrow(
      expect.objectContaining({ code: 'ERR_USAGE', message: expect.stringContaining('expected a get response, or the getResult') }),
    );
  });

  test('says why a compressed source cannot be read', () => {
    const compressed = deflateBody(Buffer.from('{"a":1}'));
    expect(() => plainSource(compressed, 3)).toThrow('the compressed source of the document inflates beyond the limit of 3 bytes');
    expect(() => plainSource(compressed.fill(0xff, 5))).toThrow('the compressed source of the document cannot be inflated');
  });

  test('is null without a source', () => {
    expect(docs.sourceOf(got(null))).toBeNull();
  });

  test('refuses a source that is not JSON', () => {
    expect(() => docs.sourceOf(got(Buffer.from([0xbf, 0x61, 0x61, 1, 0xff])))).toThrow(
      expect.objectContaining({ code: 'ERR_DECODE', path: ['source'], message: expect.stringContaining('the source is not JSON') }),
    );
  });
});

describe.each(releases)('bulkFailures of an answer of %s', (release) => {
  test('says status, type and reason as REST does', () => {
    expect(docs.bulkFailures(decode(docs.bulk.response, ...genuine(release, 'act.bulk.conflict.response')))).toEqual([
      expect.objectContaining({
        itemId: 0,
        opType: 'CREATE',
        index: 'books',
        id: '1',
        status: 409,
        type: 'version_conflict_engine_exception',
        reason: expect.stringContaining('[1]: version conflict, required seqNo [5]'),
      }),
    ]);
  });

  test('leaves out what succeeded, and keeps the place in the request', () => {
    const failures = docs.bulkFailures(decode(docs.bulk.response, ...genuine(release, 'act.bulk.response')));
    expect(failures.map(({ itemId, id, status, type }) => [itemId, id, status, type])).toEqual([
      [3, '4', 400, 'illegal_argument_exception'],
    ]);
  });
});
