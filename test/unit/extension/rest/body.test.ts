import { encode } from 'cborg';
import { describe, expect, test } from 'vitest';
import { encoded } from '../../../../src/extension/rest/encoded.ts';
import { RequestBody } from '../../../../src/extension/rest/request-body.ts';
import { readSmile } from '../../../../src/protocol/rest/smile/smile-reader.ts';
import { writeSmile } from '../../../../src/protocol/rest/smile/smile-writer.ts';

const parse = (content: Uint8Array | string, type: string) =>
  new RequestBody(Buffer.from(content as string), `application/${type}`).parse();
const VALUE: Readonly<Record<string, unknown>> = {
  text: 'hé 😀',
  long: 'x'.repeat(70),
  unicode: 'é'.repeat(32),
  empty: '',
  list: [1, -16, 15, 16, 2 ** 40, -(2 ** 40), 1.5, -0.1, true, null, []],
  [`${'k'.repeat(65)}`]: { constructor: 1 },
  ü: {},
};
const SMILE = [0x3a, 0x29, 0x0a, 0x03];

describe('a body', () => {
  test.each(['json', 'yaml', 'cbor', 'smile'] as const)('of %s is what was written', async (format) => {
    const { body, contentType } = await encoded(VALUE, format);
    expect(contentType).toMatch(`application/${format}`);
    expect(await parse(body, format)).toEqual(VALUE);
    expect(await parse(body, `vnd.opensearch+${format}`)).toEqual(VALUE);
  });

  test('of NDJSON is a list', async () => {
    expect(await parse('{"a":1}\n\n[2]\n', 'x-ndjson')).toEqual([{ a: 1 }, [2]]);
  });

  const deep = 2_000;
  test.each<[string, string, Uint8Array | string, RegExp]>([
    ['deep JSON', 'json', '['.repeat(deep) + ']'.repeat(deep), /more than 1000 levels/],
    ['deep CBOR', 'cbor', Buffer.concat([Buffer.alloc(deep, 0x81), Buffer.of(1)]), /levels/],
    ['very deep CBOR', 'cbor', Buffer.alloc(500_000, 0x81), /not CBOR/],
    ['deep SMILE', 'smile', Buffer.concat([Buffer.from(SMILE), Buffer.alloc(deep, 0xf8)]), /levels/],
    ['deep YAML', 'yaml', '['.repeat(50_000), /at most 250 levels/],
    ['YAML keys of keys', 'yaml', `${'? '.repeat(200)}1`, /scalars as names/],
    ['deep keys of keys in YAML', 'yaml', `${'? '.repeat(100_000)}1`, /at most 250 levels/],
    ['several YAML documents', 'yaml', 'a: 1\n---\nb: 1\n', /one YAML document/],
    ['YAML aliases', 'yaml', 'a: &a [1]\nb: *a', /aliases/],
    ['broken YAML', 'yaml', 'a: [1', /not YAML/],
    ['JSON with __proto__', 'json', '{"a":[{"__pr\\u006fto__":{}}]}', /named __proto__/],
    ['NDJSON with __proto__', 'x-ndjson', '{}\n{"__proto__":1}', /named __proto__/],
    ['YAML with __proto__', 'yaml', '__proto__: 1', /named __proto__/],
    ['CBOR with __proto__', 'cbor', encode(new Map([['__proto__', 1]])), /named __proto__/],
    ['SMILE with __proto__', 'smile', writeSmile(JSON.parse('{"__proto__":1}')), /named __proto__/],
    ['CBOR with other keys', 'cbor', encode(new Map([[1, 1]])), /strings as names/],
    ['cut CBOR', 'cbor', Buffer.of(0x63, 0x61), /not CBOR/],
    ['cut SMILE', 'smile', Buffer.from([...SMILE, 0x4a, 0x61]), /ends too early/],
    ['SMILE with a long integer', 'smile', Buffer.concat([Buffer.from([...SMILE, 0x25]), Buffer.alloc(300_000, 1)]), /more than 11 bytes/],
    ['SMILE without a header', 'smile', '{}', /SMILE header/],
    ['nothing', 'yaml', '', /body is required/],
  ])('of %s is refused', async (_, type, content, reason) => {
    await expect(parse(content, type)).rejects.toMatchObject({ status: 400, reason: expect.stringMatching(reason) });
  });

  test('of another type or of too much YAML is refused', async () => {
    await expect(parse('a', 'xml')).rejects.toMatchObject({ status: 415 });
    await expect(parse('a'.repeat(300_000), 'yaml')).rejects.toMatchObject({ status: 413 });
  });
});

test('SMILE reads shared names and values, and what others write', () => {
  const constructor = Buffer.from('constructor');
  const twice = Buffer.from([...SMILE, 0xf8, 0xfa, 0x8a, ...constructor, 0x41, 0x61, 0x62, 0xfb, 0xfa, 0x40, 0x01, 0xfb, 0xf9]);
  expect(readSmile(twice)).toEqual([{ constructor: 'ab' }, { constructor: 'ab' }]);
  expect(readSmile(Buffer.from([...SMILE, 0x2a, 0x82, 0x81, 0x07, 0x01]))).toBe(1.5);
  for (const value of [2n ** 63n, -(2n ** 64n) - 5n, 2n ** 53n, 2n ** 100n]) expect(readSmile(writeSmile(value))).toBe(value);
  const bytes = Buffer.from([...Array(256).keys()]);
  for (let length = 0; length < 20; length++)
    expect(readSmile(writeSmile(bytes.subarray(200, 200 + length)))).toEqual(bytes.subarray(200, 200 + length));
});
