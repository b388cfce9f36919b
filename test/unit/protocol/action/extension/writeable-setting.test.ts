import { describe, expect, test } from 'vitest';
import { updateSettings } from '../../../../../src/protocol/action/extension/node-to-extension.ts';
import { writeableSetting } from '../../../../../src/protocol/action/extension/writeable-setting.ts';
import { decode, encode, type InOf } from '../../../../../src/protocol/codec/codec.ts';
import { StreamInput } from '../../../../../src/protocol/wire/stream-input.ts';
import { V_2_19_0, V_2_19_6, V_3_9_0 } from '../../../../../src/protocol/wire/version.ts';

type Init = InOf<typeof writeableSetting>;

const hexOf = (value: Init, peerVersion = V_2_19_6): string =>
  encode(writeableSetting, value, { version: V_2_19_0, peerVersion }).toString('hex');

const read = (hex: string, peerVersion = V_2_19_6) => decode(writeableSetting, Buffer.from(hex, 'hex'), { version: V_2_19_0, peerVersion });

describe('a setting', () => {
  test('is what extensions.md §2.9 shows of one that nodes accepted', () => {
    const value: Init = { type: 'Integer', key: 'custom.hello.count', default: 5, min: 1, max: 100, properties: ['NodeScope', 'Dynamic'] };
    expect(hexOf(value)).toBe(
      '0112637573746f6d2e68656c6c6f2e636f756e740000000500010000000100000064' + '12637573746f6d2e68656c6c6f2e636f756e740000020104',
    );
  });

  test('is complete when it is read', () => {
    expect(read('000162' + '01' + '00' + '00' + '00' + '020104')).toEqual({
      type: 'Boolean',
      key: 'b',
      default: true,
      fallback: null,
      min: null,
      max: null,
      memory: false,
      parser: null,
      regex: null,
      properties: ['Dynamic', 'NodeScope'],
    });
  });

  test('without a parser has no bounds', () => {
    expect(hexOf({ type: 'Integer', key: 'i', default: 5, parser: null })).toBe('010169' + '00000005' + '00' + '00' + '00' + '00');
  });

  test('names another setting in its parser where it is told to', () => {
    const parser = { key: 'other', filtered: true, native: false };
    const value = read(hexOf({ type: 'Long', key: 'l', default: 5, min: -1, max: 2n ** 62n, parser }));
    expect(value).toMatchObject({ min: -1, max: 2n ** 62n, parser });
  });

  test('that is filtered has a parser that hides its value', () => {
    const value = read(hexOf({ type: 'Integer', key: 'i', default: 5, properties: ['Filtered', 'NodeScope'] }));
    expect(value.parser).toEqual({ key: 'i', filtered: true, native: false });
  });

  test('takes its default from its fallback', () => {
    const value = read(
      hexOf({ type: 'String', key: 's', fallback: { type: 'String', key: 'f', fallback: { type: 'String', key: 'g', default: 'x' } } }),
    );
    expect(value).toMatchObject({ default: 'x', fallback: { default: 'x', fallback: { default: 'x', fallback: null } } });
  });
});

describe('a memory size', () => {
  const value: Init = { type: 'ByteSizeValue', key: 'm', default: { size: 10, unit: 'MB' }, memory: true };

  test('has one bool more for a node of 3.9, whatever the stream version', () => {
    expect(hexOf(value, V_2_19_6)).toBe('07016d' + '1402' + '00' + '01' + '00' + '016d' + '00' + '00');
    expect(hexOf(value, V_3_9_0)).toBe('07016d' + '1402' + '00' + '01' + '00' + '016d00' + '00' + '00');
  });

  test('keeps that bool', () => {
    const native: Init = { ...value, parser: { native: true } };
    expect(read(hexOf(native, V_3_9_0), V_3_9_0).parser).toEqual({ key: 'm', filtered: false, native: true });
    expect(read(hexOf(native, V_2_19_6), V_2_19_6).parser).toEqual({ key: 'm', filtered: false, native: false });
  });
});

describe('a setting is refused', () => {
  const time = { duration: 1, unit: 'SECONDS' } as const;

  test.each<[string, unknown, string]>([
    ['nothing', null, 'expected an object with type, got null'],
    ['an unknown type', { type: 'Colour', key: 'c', default: 1 }, 'type: expected one of Boolean, Integer'],
    ['a default of another type', { type: 'Boolean', key: 'b', default: 'yes' }, "default: expected a boolean, got 'yes'"],
    ['neither default nor fallback', { type: 'String', key: 's' }, 'default: the value is missing: expected a string'],
    ['bounds of a type without any', { type: 'String', key: 's', default: '', max: 'z' }, 'a String setting has no bounds and no parser'],
    [
      'a parser of a type without one',
      { type: 'Version', key: 'v', default: 1, parser: {} },
      'a Version setting has no bounds and no parser',
    ],
    [
      'both bounds of a type without any',
      { type: 'Boolean', key: 'b', default: true, min: false, max: true },
      'parser: a Boolean setting has no',
    ],
    [
      'bounds without a parser',
      { type: 'Integer', key: 'i', default: 1, min: 0, parser: null },
      'parser: expected a parser or undefined, because the setting has bounds',
    ],
    [
      'a time with a max only',
      { type: 'TimeValue', key: 't', default: time, max: time },
      'min: a TimeValue setting with a max needs a min',
    ],
    ['an unknown unit', { type: 'TimeValue', key: 't', default: { duration: 1, unit: 'WEEKS' } }, 'default.unit: expected a time unit'],
    [
      'an unknown property',
      { type: 'Boolean', key: 'b', default: true, properties: ['Nice'] },
      'properties: expected a value of Property (one of ',
    ],
    [
      'a fallback of another type',
      { type: 'Boolean', key: 'b', fallback: { type: 'String', key: 's', default: '' } },
      'fallback: expected a Boolean setting, got a String setting',
    ],
  ])('that has %s', (_, value, text) => {
    expect(() => hexOf(value as Init)).toThrow(expect.objectContaining({ code: 'ERR_USAGE', message: expect.stringContaining(text) }));
  });

  test.each([
    ['an unknown type', '09' + '0162' + '01', 'Unknown WriteableSetting [9]', []],
    ['the layout of early 2023', '01' + '0169' + '01' + '00000005' + '00' + '020104', 'unexpected byte [0x05]', ['fallback']],
    ['a parser of a type without one', '00' + '0162' + '01' + '00' + '01', 'a Boolean setting has no parser', ['parser']],
    ['an unknown unit', '06' + '0174' + '0000000000000001' + '0457454558', "got 'WEEX'", ['default', 'unit']],
    ['an unknown property', '00' + '0162' + '01' + '000000' + '010d', 'Unknown Property ordinal [13]', ['properties', '[0]']],
    [
      'a fallback of another type',
      '00' + '0162' + '01' + '01' + '0501730000000000' + '000000',
      'the fallback of a Boolean setting is a String',
      [],
    ],
  ])('when its bytes hold %s', (_, hex, text, path) => {
    expect(() => read(hex)).toThrow(expect.objectContaining({ code: 'ERR_DECODE', message: expect.stringContaining(text) }));
    if (path.length > 0) expect(() => read(hex)).toThrow(expect.objectContaining({ path }));
  });

  test('when its fallbacks are too deep', () => {
    const level = '05' + '0173' + '00' + '01';
    expect(() => read(level.repeat(300))).toThrow(
      expect.objectContaining({ code: 'ERR_DECODE', message: expect.stringContaining('nested deeper') }),
    );
  });

  test('costs as much for each fallback of a chain, however deep the chain is', () => {
    const costOf = (depth: number): number => {
      let setting: Init | null = null;
      for (let level = 0; level < depth; level++) setting = { type: 'Boolean', key: 'b', default: true, fallback: setting };
      const input = new StreamInput(encode(writeableSetting, setting as Init));
      writeableSetting.read(input);
      return input.spent;
    };
    expect(costOf(14) - costOf(13)).toBe(costOf(3) - costOf(2));
  });
});

test('an update names the type beside the setting and carries the value with its type', () => {
  const hex = '0101016900000005' + '00' + '010000000100000064016900' + '00020104' + '0100000007';
  expect(decode(updateSettings.request, Buffer.from(hex, 'hex'))).toMatchObject({
    settingType: 'Integer',
    setting: { key: 'i', min: 1, max: 100 },
    data: { t: 'int', v: 7 },
  });
});
