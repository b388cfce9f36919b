import { describe, expect, expectTypeOf, test } from 'vitest';
import { QueryParams } from '../../../../src/extension/rest/query-params.ts';

const refused = (reason: string) => expect.objectContaining({ status: 400, type: 'illegal_argument_exception', reason });

describe('the parameters of a query', () => {
  const query = new QueryParams(
    { id: 'x', size: '7', big: '4294967296', loud: '', quiet: 'false', odd: 'maybe', a: ',b,,c', __proto__: 'p' },
    (name) => name === 'id',
  );

  test('are text', () => {
    expect([query.text('size'), query.text('loud'), query.text('none'), query.text('none', { default: 'd' })]).toEqual([
      '7',
      '',
      undefined,
      'd',
    ]);
    expect([query.text('id'), query.has('id'), query.has('toString'), query.text('constructor')]).toEqual([
      undefined,
      false,
      false,
      undefined,
    ]);
    const sort = query.text('none', { oneOf: ['asc', 'desc'], default: 'asc' });
    expectTypeOf(sort).toEqualTypeOf<'asc' | 'desc'>();
    expect(sort).toBe('asc');
    expect(() => query.text('odd', { oneOf: ['asc', 'desc'] })).toThrow(refused('parameter [odd] must be one of [asc, desc], got [maybe]'));
  });

  test('are flags', () => {
    expect([query.flag('loud'), query.flag('quiet'), query.flag('none'), query.flag('none', { default: true })]).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(() => query.flag('odd')).toThrow(refused('Failed to parse value [maybe] as only [true] or [false] are allowed.'));
  });

  test('are numbers', () => {
    expectTypeOf(query.int('size', { default: 1 })).toEqualTypeOf<number>();
    expectTypeOf(query.int('size')).toEqualTypeOf<number | undefined>();
    expect([query.int('size'), query.int('none'), query.int('none', { default: 10, min: 20 })]).toEqual([7, undefined, 10]);
    expect(() => query.int('big')).toThrow(refused('Failed to parse int parameter [big] with value [4294967296]'));
    expect(() => query.int('loud')).toThrow(refused('Failed to parse int parameter [loud] with value []'));
    expect(() => query.int('size', { min: 0, max: 5 })).toThrow(refused('parameter [size] must be an integer from 0 to 5, got [7]'));
  });

  test('are lists', () => {
    expect([query.list('a'), query.list('loud'), query.list('none')]).toEqual([['b', 'c'], [], []]);
  });

  test('are an object without those of the path', () => {
    const own = new QueryParams(JSON.parse('{"id":"x","a":"1","__proto__":"p"}') as Record<string, string>, (name) => name === 'id');
    expect(Object.entries(own.all())).toEqual([
      ['a', '1'],
      ['__proto__', 'p'],
    ]);
    expect(JSON.stringify({ query: own })).toBe('{"query":{"a":"1","__proto__":"p"}}');
  });

  test('count as consumed when they are read', () => {
    const read = new QueryParams({ id: 'x', a: '1', b: '2', c: '3' }, (name) => name === 'id');
    read.text('a');
    read.has('b');
    expect(['id', 'a', 'b', 'c'].filter((name) => read.isConsumed(name))).toEqual(['id', 'a', 'b']);
    read.all();
    expect(read.isConsumed('c')).toBe(true);
  });
});
