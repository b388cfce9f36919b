import { describe, expect, test } from 'vitest';
import { ClusterSettings } from '../../../../src/devnode/settings/cluster-settings.ts';
import type { SettingUpdate } from '../../../../src/devnode/settings/update-consumers.ts';
import type { AnySettingInit, SettingProperty, WriteableSetting } from '../../../../src/protocol/action/extension/setting.ts';
import { writeableSetting } from '../../../../src/protocol/action/extension/writeable-setting.ts';
import { RemoteError } from '../../../../src/protocol/error/remote-error.ts';
import { causeResponse, errorResponse } from '../../../../src/protocol/rest/error-json.ts';
import { StreamInput } from '../../../../src/protocol/wire/stream-input.ts';
import { StreamOutput } from '../../../../src/protocol/wire/stream-output.ts';
import { V_2_19_0 } from '../../../../src/protocol/wire/version.ts';

const DYNAMIC: readonly SettingProperty[] = ['Dynamic', 'NodeScope'];

/** Over the wire, so that a setting is as complete as one that a node receives. */
function received(init: AnySettingInit): WriteableSetting {
  const output = new StreamOutput({ version: V_2_19_0, peerVersion: V_2_19_0, size: 256 });
  writeableSetting.write(output, init);
  return writeableSetting.read(new StreamInput(output.toBuffer(), { version: V_2_19_0, peerVersion: V_2_19_0 }));
}

const INT = received({ type: 'Integer', key: 'k.int', default: 5, min: 1, max: 100, properties: DYNAMIC });
const TIME = received({
  type: 'TimeValue',
  key: 'k.time',
  default: { duration: 10, unit: 'SECONDS' },
  min: { duration: 1, unit: 'SECONDS' },
  properties: DYNAMIC,
});
const TEXT = received({ type: 'String', key: 'k.str', default: 'a', properties: DYNAMIC });

/** Status, type and reason, as REST shows them. */
function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    // The status of a class differs between the lines: the exception knows which one it has.
    const { status, body } = error instanceof RemoteError ? causeResponse(error.remote) : errorResponse(error);
    const { type, reason } = (body as { error: { type: string; reason: string } }).error;
    return `${status} ${type}: ${reason}`;
  }
  throw new Error('not refused');
}

function made(line: 2 | 3 = 3, settings: readonly WriteableSetting[] = [INT, TIME, TEXT]): ClusterSettings {
  const cluster = new ClusterSettings({ line, startUp: { 'cluster.name': 'dev', 'http.port': '9200' } });
  cluster.register(settings);
  return cluster;
}

describe('update', () => {
  test('answers what was set and shows it nested and flat', () => {
    const cluster = made();
    expect(cluster.update({ persistent: { k: { int: 7 } }, transient: { 'k.str': ['a', 'b'] } })).toEqual({
      acknowledged: true,
      persistent: { k: { int: '7' } },
      transient: { k: { str: ['a', 'b'] } },
    });
    expect(cluster.get({ flat: true })).toEqual({ persistent: { 'k.int': '7' }, transient: { 'k.str': ['a', 'b'] } });
    expect(cluster.get()).toEqual({ persistent: { k: { int: '7' } }, transient: { k: { str: ['a', 'b'] } } });
  });

  test('a transient value hides a persistent one; null and a pattern remove', () => {
    const cluster = made();
    cluster.update({ persistent: { 'k.int': 7 }, transient: { 'k.int': 8 } });
    expect(cluster.value('k.int')).toBe('8');
    cluster.update({ transient: { 'k.int': null } });
    expect(cluster.value('k.int')).toBe('7');
    expect(cluster.update({ persistent: { 'k.*': null } })).toEqual({ acknowledged: true, persistent: {}, transient: {} });
    expect(cluster.value('k.int')).toBe('5');
  });

  test.each<[update: object, line3: string, line2?: string]>([
    [{}, '400 action_request_validation_exception: Validation Failed: 1: no settings to update;'],
    [{ persistent: { 'k.int': 0 } }, '400 illegal_argument_exception: Failed to parse value [0] for setting [k.int] must be >= 1'],
    [{ persistent: { 'k.int': 101 } }, '400 illegal_argument_exception: Failed to parse value [101] for setting [k.int] must be <= 100'],
    [{ persistent: { 'k.int': 'abc' } }, '400 illegal_argument_exception: Failed to parse value [abc] for setting [k.int]'],
    [
      { persistent: { 'k.time': '1ms' } },
      '400 illegal_argument_exception: failed to parse value [1ms] for setting [k.time], must be >= [1s]',
    ],
    [
      { persistent: { 'cluster.name': 'x' } },
      '400 settings_exception: persistent setting [cluster.name], not dynamically updateable',
      '400 illegal_argument_exception: persistent setting [cluster.name], not dynamically updateable',
    ],
    [
      { transient: { 'k.nope': null } },
      '400 settings_exception: transient setting [k.nope], not recognized',
      '400 illegal_argument_exception: transient setting [k.nope], not recognized',
    ],
    [{ persistent: { 'cluster.routing.allocation.enable': 'x' } }, '400 illegal_argument_exception: Illegal allocation.enable value [X]'],
    [{ persistent: { 'logger.org.foo': 'xyz' } }, '400 illegal_argument_exception: Unknown level constant [XYZ].'],
    [
      { persistent: { 'action.auto_create_index': 'x,+' } },
      "400 illegal_argument_exception: Can't parse [x,+] for setting [action.auto_create_index] must contain an index name after [+]",
    ],
    [
      { persistent: 1 },
      "500 class_cast_exception: class java.lang.Integer cannot be cast to class java.util.Map (java.lang.Integer and java.util.Map are in module java.base of loader 'bootstrap')",
    ],
    [
      { persistent: { a: [{}] } },
      '400 settings_exception: Failed to load settings from [{"a":[{}]}]',
      '500 settings_exception: Failed to load settings from [{"a":[{}]}]',
    ],
  ])('%j is refused as genuine nodes refuse it', (update, line3, line2 = line3) => {
    expect(refusal(() => made(3).update(update))).toBe(line3);
    expect(refusal(() => made(2).update(update))).toBe(line2);
  });

  test('changes nothing when one value is refused', () => {
    const cluster = made();
    refusal(() => cluster.update({ persistent: { 'k.str': 'b', 'k.int': 0 } }));
    expect(cluster.get()).toEqual({ persistent: {}, transient: {} });
  });

  test('shows causes and suppressed exceptions', () => {
    const bodyOf = (update: object): object => {
      try {
        return made().update(update);
      } catch (error) {
        return errorResponse(error).body as object;
      }
    };
    expect(bodyOf({ persistent: { 'k.int': 'abc' } })).toMatchObject({
      error: { caused_by: { type: 'number_format_exception', reason: 'For input string: "abc"' } },
    });
    expect(bodyOf({ persistent: { 'action.auto_create_index': '-' } })).toMatchObject({
      error: {
        suppressed: [{ type: 'illegal_argument_exception', reason: 'Failed to parse value [-] as only [true] or [false] are allowed.' }],
      },
    });
  });
});

describe('register', () => {
  test('a key that exists is refused, removed and refused for good', () => {
    const cluster = made();
    const again = '400 settings_exception: Could not register setting:k.int';
    expect(refusal(() => cluster.register([INT]))).toBe(again);
    expect(refusal(() => cluster.update({ persistent: { 'k.int': 7 } }))).toContain('not recognized');
    expect(refusal(() => cluster.register([INT]))).toBe(again);
  });

  test('settings before a refused one stay registered', () => {
    const cluster = made(2, [TEXT]);
    expect(refusal(() => cluster.register([INT, TEXT, TIME]))).toBe('500 settings_exception: Could not register setting:k.str');
    expect([cluster.value('k.int'), cluster.value('k.str'), cluster.value('k.time')]).toEqual(['5', undefined, undefined]);
  });

  test.each<[key: string, properties: readonly SettingProperty[], reason: string]>([
    ['Bad Key', DYNAMIC, 'settings_exception: Could not register setting:Bad Key'],
    ['k..x', DYNAMIC, 'settings_exception: Could not register setting:k..x'],
    ['k.', DYNAMIC, 'settings_exception: Could not register setting:k.'],
    ['', DYNAMIC, 'settings_exception: Could not register setting:'],
    ['k.two', ['NodeScope', 'IndexScope'], 'settings_exception: Could not register setting:k.two'],
    ['k.no', [], 'settings_exception: Could not register setting:k.no'],
    ['k.ix', ['IndexScope'], 'settings_exception: Could not register setting:k.ix'],
    ['k.df', ['Dynamic', 'Final', 'NodeScope'], 'illegal_argument_exception: final setting [k.df] cannot be dynamic'],
  ])('%s with %j is refused', (key, properties, reason) => {
    const setting = received({ type: 'String', key, default: 'a', properties });
    expect(refusal(() => made().register([setting]))).toBe(`400 ${reason}`);
  });

  test('settings of index scope are no settings of the cluster', () => {
    const cluster = made(3, [received({ type: 'String', key: 'index.k.x', default: 'a', properties: ['IndexScope', 'Dynamic'] })]);
    expect(refusal(() => cluster.update({ persistent: { 'index.k.x': 'b' } }))).toContain('[index.k.x], not recognized');
    expect(cluster.get({ flat: true, includeDefaults: true })['defaults']).not.toHaveProperty(['index.k.x']);
  });
});

test('a float without bounds must be above zero', () => {
  const cluster = made(3, [received({ type: 'Double', key: 'k.double', default: 1, parser: null, properties: DYNAMIC })]);
  expect(refusal(() => cluster.update({ persistent: { 'k.double': -2.5 } }))).toBe(
    '400 illegal_argument_exception: Failed to parse value [-2.5] for setting [k.double] must be >= 4.9E-324',
  );
});

describe('update consumers', () => {
  test('3.x delivers values and the default after null', () => {
    const cluster = made();
    const seen: SettingUpdate[] = [];
    expect(cluster.addUpdateConsumers([INT, TIME, TEXT], (update) => seen.push(update))).toBe(true);
    cluster.update({ persistent: { 'k.int': 7, 'k.time': '5s' } });
    cluster.update({ persistent: { 'k.int': 7 } });
    cluster.update({ persistent: { 'k.int': null }, transient: { 'k.str': 'b' } });
    expect(seen.map(({ setting, data }) => [setting.key, data])).toEqual([
      ['k.int', { t: 'int', v: 7 }],
      ['k.int', { t: 'int', v: 5 }],
      ['k.str', { t: 'string', v: 'b' }],
    ]);
  });

  test('2.x answers false and delivers nothing', () => {
    const cluster = made(2);
    const seen: SettingUpdate[] = [];
    expect(cluster.addUpdateConsumers([INT], (update) => seen.push(update))).toBe(false);
    cluster.update({ persistent: { 'k.int': 7 } });
    expect(seen).toEqual([]);
  });

  test('unknown settings are answered false, settings that are not dynamic are refused', () => {
    const fixed = received({ type: 'String', key: 'k.fixed', default: 'a', properties: ['NodeScope'] });
    const cluster = made(3, [INT, fixed]);
    expect(cluster.addUpdateConsumers([TEXT], () => undefined)).toBe(false);
    expect(refusal(() => cluster.addUpdateConsumers([fixed], () => undefined))).toBe(
      '500 illegal_state_exception: setting [k.fixed] is not dynamic',
    );
  });

  test('a change of a fallback key is told for both keys', () => {
    const other = received({ type: 'String', key: 'k.other', default: 'x', fallback: { ...TEXT } as never, properties: DYNAMIC });
    const cluster = made(3, [TEXT, other]);
    const seen: string[] = [];
    cluster.addUpdateConsumers([TEXT, other], ({ setting }) => seen.push(setting.key));
    cluster.update({ persistent: { 'k.str': 'b' } });
    expect(seen).toEqual(['k.str', 'k.other']);
  });
});

test('defaults have the values of the start and leave out what is set', () => {
  const cluster = made();
  cluster.update({ persistent: { 'k.int': 7 } });
  const defaults = cluster.get({ flat: true, includeDefaults: true })['defaults'];
  expect(defaults).toMatchObject({ 'cluster.name': 'dev', 'http.port': '9200', 'k.time': '10s', 'logger.level': 'INFO' });
  expect(defaults).not.toHaveProperty(['k.int']);
});

test('a key that is also the beginning of another keeps the dots of the longer one', () => {
  const cluster = made(3, [
    received({ type: 'String', key: 'k', default: 'a', properties: DYNAMIC }),
    received({ type: 'String', key: 'k.b.c', default: 'a', properties: DYNAMIC }),
  ]);
  expect(cluster.update({ persistent: { k: 'x', 'k.b.c': 'y' } })['persistent']).toEqual({ k: 'x', 'k.b': { c: 'y' } });
});
