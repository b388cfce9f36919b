import { expect, test } from 'vitest';
import { dateText, DEFAULT_DATE_FORMAT, looksLikeDate, parseDate, parseQueryDate } from '../../../../src/devnode/store/dates.ts';

const NOW = Date.UTC(2024, 1, 29, 13, 45, 10, 500);
const at = (value: unknown, roundUp: boolean): string => dateText(parseQueryDate(value, DEFAULT_DATE_FORMAT, roundUp, NOW));

test.each([
  ['2020', '2020-01-01T00:00:00.000Z'],
  ['2020-02-29', '2020-02-29T00:00:00.000Z'],
  ['2020-02-29T10', '2020-02-29T10:00:00.000Z'],
  ['2020-02-29T10:11:12.3456Z', '2020-02-29T10:11:12.345Z'],
  ['2020-02-29T10:11:12+02:00', '2020-02-29T08:11:12.000Z'],
  ['1577836800000', '2020-01-01T00:00:00.000Z'],
  [1577836800000, '2020-01-01T00:00:00.000Z'],
  ['2020/05/06', '2020-05-06T00:00:00.000Z'],
])('a date %s', (text, expected) => {
  expect(dateText(parseDate(text, DEFAULT_DATE_FORMAT))).toBe(expected);
});

test.each(['2020-02-30', '2021-13-01', 'soon', '2020-01-01T25:00', ''])('not a date: %s', (text) => {
  expect(() => parseDate(text, DEFAULT_DATE_FORMAT)).toThrow(`failed to parse date field [${text}]`);
  expect(looksLikeDate(text)).toBe(false);
});

test('a new field is a date for a whole date only', () => {
  expect(['2020-01-01', '2020-01-01T10:00:00Z', '2020/01/01'].map(looksLikeDate)).toEqual([true, true, true]);
  expect(['2020', '2020-01', '12345', '1.2.2020'].map(looksLikeDate)).toEqual([false, false, false, false]);
});

test.each<[unknown, boolean, string]>([
  ['2024-02', false, '2024-02-01T00:00:00.000Z'],
  ['2024-02', true, '2024-02-29T23:59:59.999Z'],
  ['now', true, '2024-02-29T13:45:10.500Z'],
  ['now-1d', false, '2024-02-28T13:45:10.500Z'],
  ['now/d', false, '2024-02-29T00:00:00.000Z'],
  ['now/d', true, '2024-02-29T23:59:59.999Z'],
  ['now-1y/M', false, '2023-02-01T00:00:00.000Z'],
  ['now/w', false, '2024-02-26T00:00:00.000Z'],
  ['2024-01-31||+1M', false, '2024-02-29T00:00:00.000Z'],
])('the date %s of a query, rounded up: %s', (value, roundUp, expected) => {
  expect(at(value, roundUp)).toBe(expected);
});

test('date math that is none', () => {
  expect(() => at('now*2', false)).toThrow('operator not supported for date math');
});
