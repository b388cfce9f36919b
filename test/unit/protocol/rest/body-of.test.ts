import { describe, expect, test } from 'vitest';
import { byteEnumeration, list, map, optional, since, struct } from '../../../../src/protocol/codec/combinators.ts';
import { toException } from '../../../../src/protocol/codec/exception/to-exception.ts';
import { wholeException } from '../../../../src/protocol/codec/exception/exception.ts';
import { anyVLong, boolean, double, string, version, vInt } from '../../../../src/protocol/codec/primitives.ts';
import { timeValue } from '../../../../src/protocol/codec/time-value.ts';
import { keyedUnion, union } from '../../../../src/protocol/codec/union.ts';
import { StatusError } from '../../../../src/protocol/error/status-error.ts';
import { bodyOf, keyed } from '../../../../src/protocol/rest/body-of.ts';
import { renderJson } from '../../../../src/protocol/rest/json.ts';
import { parseVersion, V_2_5_0 } from '../../../../src/protocol/wire/version.ts';

const colour = byteEnumeration('colour', ['GREEN', 'RED_HOT']);
const inner = struct({ shardId: vInt, state: colour });

describe('a body by the schema', () => {
  test('has names in snake_case, enumerations in lower case and no nulls', () => {
    const codec = struct({
      clusterName: string,
      numberOfInFlightFetch: vInt,
      state: colour,
      ratio: double,
      isReady: boolean,
      missing: optional(string),
      gated: since(V_2_5_0, optional(colour), null),
      shards: list(inner),
      byName: map(inner),
      listed: list(optional(string)),
      big: anyVLong,
      release: version,
    });
    const value = {
      clusterName: 'c',
      numberOfInFlightFetch: 1,
      state: 'RED_HOT',
      ratio: 0.5,
      isReady: false,
      missing: null,
      gated: 'GREEN',
      shards: [{ shardId: 3, state: 'GREEN' }],
      byName: { aB: { shardId: 4, state: 'GREEN' } },
      listed: ['x', null],
      big: 2n ** 60n,
      release: parseVersion('3.9.0'),
    } as const;
    expect(renderJson(bodyOf(codec)(value as never))).toBe(
      '{"cluster_name":"c","number_of_in_flight_fetch":1,"state":"red_hot","ratio":0.5,"is_ready":false,"gated":"green",' +
        '"shards":[{"shard_id":3,"state":"green"}],"by_name":{"aB":{"shard_id":4,"state":"green"}},"listed":["x",null],' +
        '"big":1152921504606846976,"release":"3.9.0"}',
    );
  });

  test('shows times in milliseconds, and for people', () => {
    const body = bodyOf(struct({ waitTime: timeValue, each: list(timeValue), never: optional(timeValue) }));
    const value = { waitTime: { duration: 90, unit: 'SECONDS' }, each: [{ duration: 1500, unit: 'MICROSECONDS' }], never: null } as const;
    expect(body(value as never)).toEqual({ wait_time_millis: 90_000, each: [1] });
    expect(body(value as never, { human: true })).toEqual({ wait_time: '1.5m', wait_time_millis: 90_000, each: [1] });
  });

  test('shows exceptions as errors are shown', () => {
    const cause = toException(new StatusError(404, 'index_not_found_exception', 'no such index [a]'));
    expect(bodyOf(struct({ cause: wholeException }))({ cause })).toMatchObject({
      cause: { type: 'index_not_found_exception', reason: 'no such index [a]' },
    });
  });

  test('shows a union under the name of its case', () => {
    const circle = { tag: 0, codec: struct({ radiusInMeters: vInt }) };
    const body = bodyOf(
      struct({ shape: union('shape', 'byte', { roundOne: circle }), other: keyedUnion('other', 'byte', { roundOne: circle }) }),
    );
    expect(body({ shape: { kind: 'roundOne', radiusInMeters: 2 }, other: { roundOne: { radiusInMeters: 3 } } })).toEqual({
      shape: { round_one: { radius_in_meters: 2 } },
      other: { round_one: { radius_in_meters: 3 } },
    });
  });
});

describe('overrides', () => {
  const codec = struct({ nodeName: string, waitTime: timeValue, secret: string, count: vInt, shards: list(inner) });
  const value = {
    nodeName: 'n',
    waitTime: { duration: 2, unit: 'SECONDS' },
    secret: 's',
    count: 3,
    shards: [{ shardId: 7, state: 'GREEN' }],
  } as const;
  const body = bodyOf(
    codec,
    {
      nodeName: 'name',
      waitTime: 'max_wait',
      secret: null,
      count: (count, { nodeName }) => ({ first: count, second: `${nodeName}${count}` }),
      shards: (shards) => ({ shards: keyed(shards, 'shardId', bodyOf(inner, { shardId: null })) }),
    },
    ['count', 'nodeName'],
  );

  test('rename, leave out, become other members, and come in another order', () => {
    expect(renderJson(body(value as never, { human: true }))).toBe(
      '{"first":3,"second":"n3","name":"n","max_wait":"2s","max_wait_millis":2000,"shards":{"7":{"state":"green"}}}',
    );
  });
});
