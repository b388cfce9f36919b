import { describe, expect, test } from 'vitest';
import type { SettingType } from '../../../../../src/protocol/action/extension/setting-type.ts';
import type { WriteableSetting } from '../../../../../src/protocol/action/extension/setting.ts';
import { parseSetting, settingText } from '../../../../../src/protocol/action/extension/setting-text.ts';
import { javaFloatText } from '../../../../../src/protocol/action/shared/java-number.ts';

function setting(type: SettingType, min: unknown = null, max: unknown = null, filtered: boolean = false): WriteableSetting {
  const base = { type, key: 'k', default: null, fallback: null, memory: false, regex: null, properties: [] };
  return { ...base, min, max, parser: { key: 'k', filtered, native: false } } as unknown as WriteableSetting;
}

/** The reason, then those of the causes. */
function reasons(run: () => unknown): string[] {
  try {
    run();
  } catch (error) {
    const all: string[] = [];
    for (let each: unknown = error; each instanceof Error; each = each.cause) all.push(each.message);
    return all;
  }
  throw new Error('not refused');
}

describe('values that genuine nodes take', () => {
  test.each<[type: SettingType, text: string, value: unknown]>([
    ['Boolean', 'true', true],
    ['Integer', '+7', 7],
    ['Integer', '-2147483648', -2147483648],
    ['Long', '9007199254740993', 9007199254740993n],
    ['Float', ' 7 ', 7],
    ['Float', '7f', 7],
    ['Float', 'NaN', NaN],
    ['Double', '1e9', 1e9],
    ['TimeValue', '5 s', { duration: 5, unit: 'SECONDS' }],
    ['TimeValue', '5S', { duration: 5, unit: 'SECONDS' }],
    ['TimeValue', '-1', { duration: -1, unit: 'MILLISECONDS' }],
    ['TimeValue', '3micros', { duration: 3, unit: 'MICROSECONDS' }],
    ['ByteSizeValue', '5K', { size: 5, unit: 'KB' }],
    ['ByteSizeValue', ' 5 mb', { size: 5, unit: 'MB' }],
    ['ByteSizeValue', '-1', { size: -1, unit: 'BYTES' }],
    ['Version', '137217827', 137217827],
    ['String', 'any', 'any'],
  ])('%s %j', (type, text, value) => {
    const parsed: unknown = parseSetting(setting(type), text);
    if (type === 'Long') expect(BigInt(parsed as bigint)).toBe(value);
    else expect(parsed).toEqual(value);
  });
});

describe('refusals in the words of genuine nodes', () => {
  const s = { duration: 1, unit: 'SECONDS' };
  const kb = { size: 1, unit: 'KB' };
  test.each<[setting: WriteableSetting, text: string | string[], reasons: string[]]>([
    [setting('Boolean'), 'yes', ['Failed to parse value [yes] as only [true] or [false] are allowed.']],
    [setting('Integer', 1, 100), '101', ['Failed to parse value [101] for setting [k] must be <= 100']],
    [setting('Integer', 1, 100, true), '0', ['Failed to parse value for setting [k] must be >= 1']],
    [setting('Integer'), '99999999999', ['Failed to parse value [99999999999] for setting [k]', 'For input string: "99999999999"']],
    [setting('Integer'), ['a', 'b'], ['Failed to parse value [[a, b]] for setting [k]', 'For input string: "[a, b]"']],
    [setting('Float', 0.5, 100), '101', ['Failed to parse value [101] for setting [k] must be <= 100.0']],
    [setting('Float'), '', ['Failed to parse value [] for setting [k]', 'empty String']],
    [setting('Double', Number.MIN_VALUE), '-1', ['Failed to parse value [-1] for setting [k] must be >= 4.9E-324']],
    [setting('TimeValue', s), '1ms', ['failed to parse value [1ms] for setting [k], must be >= [1s]']],
    [setting('TimeValue'), '5M', ['failed to parse setting [k] with value [5M] as a time value: unit is missing or unrecognized']],
    [setting('TimeValue'), '-5s', ['failed to parse setting [k] with value [-5s] as a time value: negative durations are not supported']],
    [setting('TimeValue'), '1.5s', ['failed to parse [1.5s], fractional time values are not supported', 'For input string: "1.5"']],
    [setting('TimeValue'), 'abcs', ['failed to parse [abcs]', 'For input string: "abc"']],
    [setting('ByteSizeValue', kb), '0', ['failed to parse value [0] for setting [k], must be >= [1kb]']],
    [setting('ByteSizeValue'), 'abcmb', ['failed to parse [abcmb]', 'failed to parse [abcmb]', 'For input string: "abc"']],
    [
      setting('ByteSizeValue'),
      '99999999999999999999b',
      ['Failed to parse value [99999999999999999999b] for setting [k]', 'For input string: "99999999999999999999"'],
    ],
    [
      setting('ByteSizeValue'),
      '-5kb',
      [
        'failed to parse setting [k] with value [-5kb] as a size in bytes',
        'failed to parse setting [k] with value [-5kb] as a size in bytes',
        'Values less than -1 bytes are not supported: -5kb',
      ],
    ],
    [setting('Version'), '3.0.0', ['Failed to parse value [3.0.0] for setting [k]', 'For input string: "3.0.0"']],
  ])('%j with %j', (each, text, expected) => {
    expect(reasons(() => parseSetting(each, text))).toEqual(expected);
  });
});

test('values become the text that nodes keep', () => {
  expect(settingText('TimeValue', { duration: 90, unit: 'SECONDS' })).toBe('90s');
  expect(settingText('ByteSizeValue', { size: 1500, unit: 'KB' })).toBe('1500kb');
  expect(settingText('Float', 1)).toBe('1.0');
  expect(settingText('Long', 5n)).toBe('5');
});

test.each<[value: number, isSingle: boolean, text: string]>([
  [0, false, '0.0'],
  [-1.5, false, '-1.5'],
  [0.001, false, '0.001'],
  [0.0001, false, '1.0E-4'],
  [1e7, false, '1.0E7'],
  [1234567.5, false, '1234567.5'],
  [2 ** -149, true, '1.4E-45'],
  [(2 - 2 ** -23) * 2 ** 127, true, '3.4028235E38'],
  [Number.MAX_VALUE, false, '1.7976931348623157E308'],
  [Math.fround(0.1), true, '0.1'],
  [Infinity, false, 'Infinity'],
])('%d as Java prints it', (value, isSingle, text) => {
  expect(javaFloatText(value, isSingle)).toBe(text);
});
