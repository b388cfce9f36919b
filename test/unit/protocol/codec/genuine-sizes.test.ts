import { describe, expect, test } from 'vitest';
import type { AnyCodec } from '../../../../src/protocol/codec/codec.ts';
import { readErrorResponse } from '../../../../src/protocol/codec/exception/error-response.ts';
import { toRemoteCause } from '../../../../src/protocol/codec/exception/remote-cause.ts';
import { DEFAULT_LIMITS } from '../../../../src/protocol/wire/limits.ts';
import { StreamInput } from '../../../../src/protocol/wire/stream-input.ts';
import { clusterState, clusterStateOf, searchFailureOf, searchHits, searchHitsOf } from '../../../support/genuine-values.ts';

/** How much larger than the largest genuine body the limit has to be. */
const ROOM = 1.5;

describe('a large body of a genuine node fits with room', () => {
  test.each<[string, AnyCodec, () => Buffer]>([
    ['the state of a cluster with 1 000 indices', clusterState, () => clusterStateOf(1000)],
    ['10 000 hits', searchHits, () => searchHitsOf(10_000)],
  ])('%s', (_name, codec, make) => {
    const input = new StreamInput(make());
    codec.read(input);
    input.expectEnd('body');
    expect(input.spent * ROOM).toBeLessThan(DEFAULT_LIMITS.maxDecodedBytes);
  });

  test('an exception with 5 000 shard failures', () => {
    const input = new StreamInput(searchFailureOf(5000));
    const value = readErrorResponse(input);
    const failures = value.cause?.extra['shardFailures'] as readonly unknown[];
    expect(value.cause?.extra).not.toHaveProperty('problem');
    expect(failures).toHaveLength(5000);
    expect(input.spent * ROOM).toBeLessThan(DEFAULT_LIMITS.maxDecodedBytes / 2);
    expect(toRemoteCause(value).cause?.stack).toHaveLength(45);
  });
});
