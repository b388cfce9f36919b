import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../../../src/protocol/codec/codec.ts';
import { list, struct } from '../../../../src/protocol/codec/combinators.ts';
import { string } from '../../../../src/protocol/codec/primitives.ts';
import { index, type ShardId, shardId } from '../../../../src/protocol/codec/shard-id.ts';
import { DecodeError } from '../../../../src/protocol/error/transport-error.ts';
import { StreamInput } from '../../../../src/protocol/wire/stream-input.ts';
import { V_3_9_0 } from '../../../../src/protocol/wire/version.ts';

const logs: ShardId = { index: 'logs', uuid: 'u-1', shard: 0 };
const shards: readonly ShardId[] = [
  logs,
  logs,
  { ...logs, shard: 1 },
  logs,
  { ...logs, uuid: 'u-2' },
  { ...logs, index: 'logs-é' },
  { ...logs, index: 'logs-é' },
  { ...logs, shard: 300 },
  { ...logs, shard: 300 },
];

describe('shard ids in a row', () => {
  it('are read as they stand, equal or not, each an object of its own', () => {
    const read = decode(list(shardId), encode(list(shardId), shards));
    expect(read).toEqual(shards);
    expect(new Set(read).size).toBe(shards.length);
  });

  it('may have other values between them', () => {
    const codec = list(struct({ shardId, id: string, index }));
    const values = shards.map((each, i) => ({ shardId: each, id: `id-${i}`, index: { index: each.index, uuid: each.uuid } }));
    expect(decode(codec, encode(codec, values))).toEqual(values);
  });

  it('are cut short like the first', () => {
    const bytes = encode(list(shardId), [logs, logs]);
    for (let end = 1; end < bytes.length; end++) {
      const cut = Uint8Array.from(bytes.subarray(0, end));
      expect(() => decode(list(shardId), cut)).toThrow(DecodeError);
    }
  });

  it('show a trace every field of each', () => {
    const seen: string[] = [];
    const trace = { enter: (name: string) => void seen.push(name), leave: () => {} };
    decode(list(shardId), encode(list(shardId), [logs, logs]), { trace });
    expect(seen).toEqual(['[0]', 'index', 'uuid', 'shard', '[1]', 'index', 'uuid', 'shard']);
  });

  it('are not those of the message before', () => {
    const bytes = encode(shardId, logs);
    const input = new StreamInput(bytes);
    expect(shardId.read(input)).toEqual(logs);
    const others = encode(shardId, { ...logs, index: 'abcd' });
    bytes.set(others);
    input.reset(bytes, 0, bytes.length, V_3_9_0, V_3_9_0, false);
    expect(shardId.read(input)).toEqual({ ...logs, index: 'abcd' });
  });
});
