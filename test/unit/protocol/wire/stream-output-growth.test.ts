import { describe, expect, test } from 'vitest';
import { StreamOutput } from '../../../../src/protocol/wire/stream-output.ts';

const WRITERS: readonly (readonly [string, (output: StreamOutput) => void, string])[] = [
  ['writeByte', (output) => output.writeByte(1), '01'],
  ['writeShort', (output) => output.writeShort(0x102), '0102'],
  ['writeInt', (output) => output.writeInt(0x1020304), '01020304'],
  ['writeLong', (output) => output.writeLong(-2), 'fffffffffffffffe'],
  ['writeLong64', (output) => output.writeLong64(-2n), 'fffffffffffffffe'],
  ['writeFloat', (output) => output.writeFloat(1.5), '3fc00000'],
  ['writeDouble', (output) => output.writeDouble(1.5), '3ff8000000000000'],
  ['writeVInt', (output) => output.writeVInt(-1), 'ffffffff0f'],
  ['writeVLong', (output) => output.writeVLong(2 ** 50), '8080808080808002'],
  ['writeZLong64', (output) => output.writeZLong64(-(2n ** 63n)), 'ffffffffffffffffff01'],
  ['writeBytes', (output) => output.writeBytes(Buffer.from('0102', 'hex')), '0102'],
  ['writeString', (output) => output.writeString('aé\u{1f600}'), '0461c3a9eda0bdedb880'],
  ['writeUtf8', (output) => output.writeUtf8('é'), 'c3a9'],
  ['writeSizedUtf8', (output) => output.writeSizedUtf8('aé\u{1f600}'), '0761c3a9f09f9880'],
  ['writeSizedUtf8, ASCII', (output) => output.writeSizedUtf8('abc'), '03616263'],
];

describe('a stream that is nearly full', () => {
  test.each(WRITERS)('grows in the middle of %s', (_, write, hex) => {
    for (let free = 0; free <= hex.length / 2; free++) {
      const output = new StreamOutput({ size: 16 });
      const filled = Buffer.alloc(output.buffer.length - free, 0xee);
      output.writeBytes(filled);
      write(output);
      expect(output.toBuffer().toString('hex')).toBe(filled.toString('hex') + hex);
    }
  });
});
