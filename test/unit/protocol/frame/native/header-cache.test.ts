import { describe, expect, test } from 'vitest';
import { HeaderCache } from '../../../../../src/protocol/frame/native/header-cache.ts';
import type { VariableHeader } from '../../../../../src/protocol/frame/native/variable-header.ts';
import { requestHeader } from '../../../../support/raw-frame.ts';

function get(cache: HeaderCache, header: Buffer, request = true, at = 0): VariableHeader {
  const bytes = Buffer.concat([Buffer.alloc(at, 0x55), header, Buffer.alloc(3, 0x55)]);
  const found = cache.get(bytes, new DataView(bytes.buffer), bytes.byteOffset, at, header.length, request);
  bytes.fill(0xee);
  return found;
}

/** A header is kept when it comes a second time. */
function known(cache: HeaderCache, header: Buffer): VariableHeader {
  get(cache, header);
  return get(cache, header);
}

describe('header cache', () => {
  test('a header that came once is not kept', () => {
    const cache = new HeaderCache();
    const header = requestHeader('demo:echo');
    expect(get(cache, header)).not.toBe(get(cache, header));
  });

  test('the same bytes give the same header, wherever they stood; what was borrowed may change', () => {
    const cache = new HeaderCache();
    const header = requestHeader('demo:echo');
    const first = known(cache, header);
    first.slot = 'resolved';
    expect(get(cache, header, true, 5)).toBe(first);
    expect(get(cache, header, true, 5).slot).toBe('resolved');
    expect(first.action).toBe('demo:echo');
    expect(first.requestHeaders).toEqual({});
  });

  test('five thousand actions in turn, with and without headers of their own, are never mixed up', () => {
    const cache = new HeaderCache();
    const names = Array.from({ length: 5000 }, (_, i) =>
      i % 3 === 0 ? `a${i}` : `indices:data/read/kind-${String(i).padStart(4, '0')}[s]`,
    );
    for (let round = 0; round < 3; round++) {
      for (const [i, name] of names.entries()) {
        const trace = `${round}-${i}`;
        const own = Buffer.concat([Buffer.of(1, 5), Buffer.from('trace'), Buffer.of(trace.length), Buffer.from(trace)]);
        const plain = requestHeader(name);
        const found = get(cache, i % 2 === 0 ? plain : Buffer.concat([own, plain.subarray(1)]), true, i % 4);
        expect(found.action).toBe(name);
        expect(found.requestHeaders).toEqual(i % 2 === 0 ? {} : { trace });
      }
    }
  });

  test.each([1, 2, 3, 4, 5, 255, 256, 257, 1015, 1019, 1020, 1021, 1022, 5000])(
    'an action of %i characters is read right twice',
    (size) => {
      const cache = new HeaderCache();
      const header = requestHeader('a'.repeat(size));
      const [first, second] = [known(cache, header), get(cache, header)];
      expect([first.action, second.action]).toEqual(['a'.repeat(size), 'a'.repeat(size)]);
      expect(first === second).toBe(header.length <= 1024);
    },
  );

  test.each<[string, (i: string) => string]>([
    ['at the end', (i) => `indices:data/write/index-of-notes[s${i}]`],
    ['at the beginning', (i) => `${i}:data/write/index-of-notes[shard]`],
    ['in the middle', (i) => `indices:data/${i}/index-of-notes[s]`],
    ['everywhere', (i) => `ext:${i}/${i}`],
    ['somewhere in a long name', (i) => `${'x'.repeat(77)}${i}${'y'.repeat(119)}`],
  ])('of a thousand actions in turn that differ %s few are parsed again, of five hundred hardly any', (_, name) => {
    for (const [count, least] of [
      [500, 495],
      [1000, 850],
    ] as const) {
      const cache = new HeaderCache();
      const headers = Array.from({ length: count }, (_value, i) => requestHeader(name(String(i).padStart(4, '0'))));
      const inTurn = (): VariableHeader[] => headers.map((header) => get(cache, header));
      inTurn();
      inTurn();
      const before = inTurn();
      const again = inTurn().filter((header, i) => header === before[i]);
      expect(again.length).toBeGreaterThanOrEqual(least);
    }
  });

  test('long headers do not take more memory than many short ones', () => {
    const cache = new HeaderCache();
    const long = Array.from({ length: 2_000 }, (_, i) => requestHeader(`${i}${'x'.repeat(900)}`));
    for (let round = 0; round < 3; round++) for (const header of long) get(cache, header);
    const before = long.map((header) => get(cache, header));
    const kept = long.filter((header, i) => get(cache, header) === before[i]).length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThanOrEqual((256 * 1024) / 900);
  });

  test('headers with a trace id of their own do not push out those that come again', () => {
    const cache = new HeaderCache();
    const repeated = Array.from({ length: 200 }, (_, i) => requestHeader(`demo:action-${i}`));
    const first = repeated.map((header) => known(cache, header));
    for (let i = 0; i < 20_000; i++)
      get(
        cache,
        Buffer.concat([Buffer.of(1, 5), Buffer.from('trace'), Buffer.of(8), Buffer.from(String(i).padStart(8, '0')), Buffer.alloc(2)]),
        false,
      );
    expect(repeated.filter((header, i) => get(cache, header) === first[i]).length).toBeGreaterThanOrEqual(199);
  });

  test('a request and a response with the same bytes are two headers', () => {
    const cache = new HeaderCache();
    const bytes = requestHeader('demo:echo');
    for (let i = 0; i < 3; i++) {
      expect(get(cache, bytes, true).action).toBe('demo:echo');
      expect(get(cache, bytes, false).action).toBe('');
    }
  });

  test('headers that share their first, middle and last word are told apart', () => {
    const cache = new HeaderCache();
    const of = (a: string, b: string): Buffer => requestHeader(`${'x'.repeat(20)}${a}${'m'.repeat(60)}${b}${'y'.repeat(20)}`);
    const names = ['a', 'b', 'c', 'd'].flatMap((a) => ['a', 'b', 'c', 'd'].map((b) => [a, b] as const));
    for (let round = 0; round < 3; round++) {
      for (const [a, b] of names) expect(get(cache, of(a, b)).action).toBe(`${'x'.repeat(20)}${a}${'m'.repeat(60)}${b}${'y'.repeat(20)}`);
    }
  });

  test('thousands of headers: every answer is right', () => {
    const cache = new HeaderCache();
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 3000; i++) expect(get(cache, requestHeader(`action:${i}`), true, i % 4).action).toBe(`action:${i}`);
    }
  });

  test('a broken header is refused each time, and leaves what was there', () => {
    const cache = new HeaderCache();
    const good = known(cache, requestHeader('demo:echo'));
    for (let i = 0; i < 3; i++)
      expect(() => get(cache, Buffer.from('00000005616263', 'hex'))).toThrow(expect.objectContaining({ code: 'ERR_DECODE' }));
    expect(get(cache, requestHeader('demo:echo'))).toBe(good);
  });
});
