import { describe, expect, test } from 'vitest';
import { compressBody } from '../../../../../src/protocol/frame/native/encoder.ts';
import { HeaderNames } from '../../../../../src/protocol/frame/native/header-names.ts';
import { RequestHead } from '../../../../../src/protocol/frame/native/request-head.ts';
import type { RequestHeaders } from '../../../../../src/protocol/frame/native/variable-header.ts';
import { StreamOutput } from '../../../../../src/protocol/wire/stream-output.ts';

const FIXED = 23;

/** The variable header by the document: vInt count, name and value each; no response headers, no features; the action. */
function expected(action: string, headers: RequestHeaders): string {
  const output = new StreamOutput();
  const names = Object.keys(headers);
  output.writeVInt(names.length);
  for (const name of names) {
    output.writeString(name);
    output.writeString(headers[name] as string);
  }
  output.writeByte(0);
  output.writeByte(0);
  output.writeString(action);
  return output.toBuffer().toString('hex');
}

function written(head: RequestHead, headers: RequestHeaders | null, size = 256): string {
  const output = new StreamOutput({ size });
  head.begin(output, headers);
  const bytes = output.toBuffer();
  expect(bytes.readInt16BE(0)).toBe(0x4553);
  expect(bytes.readInt32BE(19)).toBe(bytes.length - FIXED);
  return bytes.subarray(FIXED).toString('hex');
}

describe('the head of a request', () => {
  test.each([null, {}])('without headers (%o)', (headers) => {
    expect(written(new RequestHead('demo:echo', new HeaderNames()), headers)).toBe('000000' + '09' + '64656d6f3a6563686f');
  });

  test.each<[string, RequestHeaders]>([
    ['short names', { a: '1', bc: '22', def: '333', ghij: '4444' }],
    ['a name that fills its words', { abcdefg: 'x' }],
    ['a name of 63 characters', { ['n'.repeat(63)]: 'x' }],
    ['a name of 64 characters, which is not kept', { ['n'.repeat(64)]: 'x' }],
    ['a long name and value', { ['n'.repeat(300)]: 'v'.repeat(300) }],
    ['no name', { '': '' }],
    ['names beyond ASCII', { größe: 'ä', 名: '前', '😀': '😁' }],
    ['twenty names', Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`name-${'x'.repeat(i)}`, `${i}`]))],
    ['200 names', Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`name-${i}`, `${i}`]))],
  ])('%s: the same bytes the first, second and third time', (_, headers) => {
    const head = new RequestHead('demo:echo', new HeaderNames());
    for (let i = 0; i < 3; i++) expect(written(head, headers)).toBe(expected('demo:echo', headers));
  });

  test('names that take turns in one place are never mixed up', () => {
    const names = new HeaderNames();
    const heads = ['demo:a', 'demo:bb'].map((action) => [action, new RequestHead(action, names)] as const);
    const sets: RequestHeaders[] = [
      { a: '1', b: '2' },
      { a: '1', b: '2' },
      { b: '2', a: '1' },
      { a: '3' },
      { b: '2', a: '1' },
      { b: '2', a: '1' },
      {},
    ];
    for (let round = 0; round < 3; round++) {
      for (const headers of sets) for (const [action, head] of heads) expect(written(head, headers)).toBe(expected(action, headers));
    }
  });

  test('an inherited field is no header', () => {
    const headers = Object.assign(Object.create({ inherited: 'x' }) as Record<string, string>, { own: 'y' });
    expect(written(new RequestHead('demo:echo', new HeaderNames()), headers)).toBe(expected('demo:echo', { own: 'y' }));
  });

  test('of an action without end stands in the frame, not beside it', () => {
    const action = 'a'.repeat(40_000);
    const output = new StreamOutput();
    output.allowReferences();
    new RequestHead(action, new HeaderNames()).begin(output, { own: 'y' });
    expect(output.references).toHaveLength(0);
    const head = Buffer.from(output.toBuffer().subarray(FIXED));
    output.writeBytes(Buffer.alloc(100_000));
    compressBody(output);
    expect(head.toString('hex')).toBe(expected(action, { own: 'y' }));
    expect(
      output
        .toBuffer()
        .subarray(FIXED, FIXED + head.length)
        .equals(head),
    ).toBe(true);
  });

  test('a kept name makes room where the buffer ends', () => {
    const names = new HeaderNames();
    const head = new RequestHead('demo:echo', names);
    const headers = { traceparent: 'v' };
    for (let size = FIXED; size < FIXED + 40; size++) expect(written(head, headers, size)).toBe(expected('demo:echo', headers));
  });
});
