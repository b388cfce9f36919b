import { describe, expect, test } from 'vitest';
import { HeaderCache } from '../../../../../src/protocol/frame/native/header-cache.ts';
import type { RequestHeaders, VariableHeader } from '../../../../../src/protocol/frame/native/variable-header.ts';
import { writeVariableHeader } from '../../../../../src/protocol/frame/native/variable-header.ts';
import { StreamOutput } from '../../../../../src/protocol/wire/stream-output.ts';

function headerBytes(requestHeaders: RequestHeaders, action = 'demo:echo', responseHeaders = {}): Buffer {
  const output = new StreamOutput();
  writeVariableHeader(output, { requestHeaders, responseHeaders, features: ['f'], action });
  return output.toBuffer();
}

function get(cache: HeaderCache, bytes: Buffer): VariableHeader {
  const borrowed = Buffer.from(bytes);
  const found = cache.get(borrowed, new DataView(borrowed.buffer), borrowed.byteOffset, 0, borrowed.length, true);
  borrowed.fill(0xee);
  return found;
}

describe('headers of requests that come through one cache', () => {
  test('those that several requests share cannot be changed, not even when they are read before they are shared', () => {
    const cache = new HeaderCache();
    const bytes = headerBytes({ tenant: 'a' }, 'demo:echo', { warning: ['w'] });
    const first = get(cache, bytes).requestHeaders as Record<string, string>;
    const second = get(cache, bytes);
    const third = get(cache, bytes);
    expect(third).toBe(second);
    const { requestHeaders, responseHeaders, features } = second;
    for (const part of [requestHeaders, responseHeaders, responseHeaders['warning'], features]) expect(Object.isFrozen(part)).toBe(true);
    first['tenant'] = 'b';
    expect(get(cache, bytes).requestHeaders).toEqual({ tenant: 'a' });
  });

  test('a header of its own changes nothing for the next', () => {
    const cache = new HeaderCache();
    for (let i = 0; i < 50; i++) {
      const headers = get(cache, headerBytes({ traceparent: `trace-${i}`, tenant: 'a' })).requestHeaders as Record<string, string>;
      expect({ ...headers }).toEqual({ traceparent: `trace-${i}`, tenant: 'a' });
      Reflect.set(headers, 'tenant', 'changed');
      Reflect.set(headers, 'new', 'x');
    }
  });

  test('headers that differ only where the hash does not look are told apart, and shared ones stay right', () => {
    const cache = new HeaderCache();
    const of = (i: number): Buffer => headerBytes({ x: `${'x'.repeat(90)}${i % 10}${'y'.repeat(901)}` });
    for (let i = 0; i < 60; i++) {
      expect(get(cache, of(i % 7)).requestHeaders['x']).toBe(`${'x'.repeat(90)}${i % 7}${'y'.repeat(901)}`);
    }
  });

  test('names and actions that alternate, grow, shrink and swap places come back as sent', () => {
    const cache = new HeaderCache();
    const sets: RequestHeaders[] = [
      { a: '1', b: '2' },
      { b: '2', a: '1' },
      { a: '1' },
      {},
      { constructor: 'c', toString: 't' },
      { '1': 'one', z: 'z' },
      { größe: 'ä' },
    ];
    for (let round = 0; round < 40; round++) {
      const sent = Object.fromEntries(
        Object.entries(sets[round % sets.length] as RequestHeaders).map(([name, value]) => [name, `${value}${round}`]),
      );
      const action = round % 3 === 0 ? 'demo:größe' : `demo:${'ab'[round % 2]}c`;
      const header = get(cache, headerBytes(sent, action));
      expect([header.action, { ...header.requestHeaders }]).toEqual([action, sent]);
      expect(header.requestHeaders['hasOwnProperty']).toBeUndefined();
    }
  });

  test('an action that comes again with other headers is the same string', () => {
    const cache = new HeaderCache();
    for (const [i, action] of ['demo:one', 'demo:two', '', 'demo:one', 'demo:two'].entries()) {
      expect(get(cache, headerBytes({ trace: `${i}` }, action)).action).toBe(action);
    }
  });

  test('a repeated name keeps its last value', () => {
    const bytes = Buffer.from('02' + '0161' + '0131' + '0161' + '0132' + '00' + '00' + '0178', 'hex');
    const cache = new HeaderCache();
    for (let i = 0; i < 3; i++) expect({ ...get(cache, bytes).requestHeaders }).toEqual({ a: '2' });
  });
});
