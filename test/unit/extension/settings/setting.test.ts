import { afterEach, describe, expect, test, vi } from 'vitest';
import { setting } from '../../../../src/extension/settings/setting.ts';
import { LiveSetting } from '../../../../src/extension/settings/setting-handle.ts';
import { writeableSetting } from '../../../../src/protocol/action/extension/writeable-setting.ts';
import { StreamInput } from '../../../../src/protocol/wire/stream-input.ts';
import { StreamOutput } from '../../../../src/protocol/wire/stream-output.ts';
import { V_2_19_0 } from '../../../../src/protocol/wire/version.ts';

afterEach(() => vi.restoreAllMocks());

describe('definitions', () => {
  test('values are plain: milliseconds, bytes, versions', () => {
    expect(setting.time('a.b', { default: '30s' }).default).toBe(30_000);
    expect(setting.time('a.b', { default: 1_500 }).default).toBe(1_500);
    expect(setting.byteSize('a.b', { default: '10mb' }).default).toBe(10_485_760);
    expect(setting.version('a.b', { default: '3.0.0' }).default).toBe('3.0.0');
    expect(setting.long('a.b', { default: 2n ** 60n }).default).toBe(2n ** 60n);
  });

  test('what is registered is what the codec of the wire writes and reads', () => {
    const definitions = [
      setting.boolean('a.b', { default: true, dynamic: true, filtered: true }),
      setting.integer('a.b', { default: 5, min: 1 }),
      setting.float('a.b', { default: -1 }),
      setting.string('a.b', { default: 'x', matches: /^\w$/, deprecated: true }),
      setting.time('a.b', { default: '5s', max: '1m' }),
      setting.byteSize('a.b', { default: 7, min: '1b' }),
      setting.version('a.b', { default: '2.19.0', final: true }),
      setting.string('index.a.b', { default: 'x', scope: 'index' }),
      setting.string('a.b', { fallback: setting.string('c.d', { default: 'y' }) }),
    ];
    for (const { wire } of definitions) {
      const output = new StreamOutput({ version: V_2_19_0, peerVersion: V_2_19_0, size: 256 });
      writeableSetting.write(output, wire);
      const input = new StreamInput(output.toBuffer(), { version: V_2_19_0, peerVersion: V_2_19_0 });
      expect(writeableSetting.read(input)).toEqual(wire);
    }
  });

  test('a float without a min may be zero and below', () => {
    expect(setting.double('a.b', { default: 0 }).wire.min).toBe(-Number.MAX_VALUE);
  });

  test.each<[make: () => unknown, message: string]>([
    [
      () => setting.string('bad key', { default: 'x' }),
      "setting 'bad key' must be named by words of letters, digits, '-' and '_' with dots between, such as custom.hello.count",
    ],
    [
      () => setting.string('a.b', { default: 'x', scope: 'index' }),
      "setting 'a.b' must be named by words of letters, digits, '-' and '_' with dots between, such as custom.hello.count, and begin with 'index.' because its scope is index",
    ],
    [() => setting.string('a.b', { default: 'x', dynamic: true, final: true }), "setting 'a.b' cannot be both dynamic and final"],
    [() => setting.integer('a.b', {}), "setting 'a.b' needs a default, or a fallback that has one"],
    [() => setting.integer('a.b', { default: 1.5 }), "default of setting 'a.b' must be an integer of 32 bits, got 1.5"],
    [() => setting.integer('a.b', { default: 0, min: 1 }), "setting 'a.b' needs a default >= 1, got 0"],
    [() => setting.byteSize('a.b', { default: '2gb', max: '1gb' }), "setting 'a.b' needs a default <= 1gb, got 2gb"],
    [() => setting.integer('a.b', { default: 3, min: 5, max: 4 }), "setting 'a.b' needs min <= max, got min 5 and max 4"],
    [() => setting.boolean('a.b', { default: true, min: false }), "setting 'a.b' cannot have bounds: a Boolean has none"],
    [() => setting.string('a.b', { default: 'x', matches: /y/ }), "setting 'a.b' needs a default that matches /y/, got 'x'"],
    [() => setting.integer('a.b', { default: 1, matches: /y/ }), "setting 'a.b' cannot have 'matches': only strings can"],
    [
      () => setting.time('a.b', { default: '5 weeks' }),
      "default of setting 'a.b' must be milliseconds, or a text such as 30s, got '5 weeks': failed to parse [5 weeks]",
    ],
    [
      () => setting.string('a.b', { default: 'x', fallback: setting.integer('c.d', { default: 1 }) as never }),
      "setting 'a.b' needs a fallback of type String, got c.d of type Integer",
    ],
  ])('%s is refused', (make, message) => {
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_USAGE', message }));
  });
});

describe('handles', () => {
  test('listeners hear changes only, until they are removed', () => {
    const live = new LiveSetting(setting.integer('a.b', { default: 5, dynamic: true }));
    const seen: number[] = [];
    const stop = live.onChange((value) => seen.push(value));
    for (const value of [5, 7, 7, 8]) expect(live.apply(value)).toBeNull();
    stop();
    live.apply(9);
    expect(seen).toEqual([7, 8]);
    expect(live.value).toBe(9);
  });

  test('a listener that throws keeps nobody from hearing', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const live = new LiveSetting(setting.string('a.b', { default: 'x' }));
    const seen: string[] = [];
    live.onChange(() => {
      throw new Error('boom');
    });
    live.onChange((value) => seen.push(value));
    live.apply('y');
    expect(seen).toEqual(['y']);
    expect(warn).toHaveBeenCalledWith("a listener of the setting 'a.b' failed: boom", expect.anything());
  });

  test('a text that does not match is refused, whatever the flags of the pattern', () => {
    const live = new LiveSetting(setting.string('a.b', { default: 'x', matches: /^\w+$/g }));
    expect(live.apply('y z')).toBe("'y z' does not match /^\\w+$/g");
    expect([live.apply('ab'), live.apply('cd'), live.value]).toEqual([null, null, 'cd']);
  });
});
