import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../../src/protocol/error/transport-error.ts';
import { StreamInput } from '../../../../src/protocol/wire/stream-input.ts';
import { BY_REFERENCE_BYTES, StreamOutput } from '../../../../src/protocol/wire/stream-output.ts';

const written = (write: (output: StreamOutput) => void): string => {
  const output = new StreamOutput();
  write(output);
  return output.toBuffer().toString('hex');
};

describe('StreamOutput writes', () => {
  it.each<[string, (output: StreamOutput) => void]>([
    ['ff', (output) => output.writeByte(-1)],
    ['02', (output) => output.writeOptionalBoolean(null)],
    ['8000', (output) => output.writeShort(-0x8000)],
    ['ffffffff0f', (output) => output.writeVInt(-1)],
    ['8001', (output) => output.writeVInt(128)],
    ['ffe0000000000001', (output) => output.writeLong(Number.MIN_SAFE_INTEGER)],
    ['ffffffff00000000', (output) => output.writeLong(-0x1_0000_0000)],
    ['ffffffffffffff0f', (output) => output.writeVLong(Number.MAX_SAFE_INTEGER)],
    ['ffffffffffffffffff01', (output) => output.writeVLongNoCheck64(-1n)],
    ['7f', (output) => output.writeZLong(-64)],
    ['8001', (output) => output.writeZLong(64)],
    ['ffffffffffffffffff01', (output) => output.writeZLong64(-(2n ** 63n))],
    ['7fc00000', (output) => output.writeFloat(Number.NaN)],
    ['7ff8000000000000', (output) => output.writeDouble(Number.NaN)],
    ['80000000', (output) => output.writeFloat(-0)],
    ['02eda0bdedb880', (output) => output.writeString('😀')],
    ['01eda0bd', (output) => output.writeString('\ud83d')],
    ['efbfbd', (output) => output.writeUtf8('\ud83d')],
    ['00', (output) => output.writeSizedUtf8('')],
    ['03efbfbd', (output) => output.writeSizedUtf8('\ud83d')],
  ])('%s', (hex, write) => {
    expect(written(write)).toBe(hex);
  });

  it.each([0, 1, 31, 32, 33, 100, 251, 252, 253, 254, 255, 256, 257, 5000])('strings of %i units wherever the buffer ends', (units) => {
    for (const unit of ['a', 'é', '€', '\ud83d']) {
      const text = `${'a'.repeat(Math.max(units - 1, 0))}${units > 0 ? unit : ''}`;
      const output = new StreamOutput({ size: 256 });
      output.writeString(text);
      output.writeString(text);
      const input = new StreamInput(output.toBuffer());
      expect(input.readString() === text && input.readString() === text && input.remaining === 0).toBe(true);
    }
  });
});

describe('StreamOutput writes UTF-8 behind its size', () => {
  it.each([1, 63, 64, 100, 126, 127, 128, 240, 246, 247, 250, 252, 253, 256, 5000, 16_384])(
    '%i units wherever the buffer ends',
    (units) => {
      for (const unit of ['a', 'é', '€', '\ud83d']) {
        const text = `${'a'.repeat(units - 1)}${unit}`;
        const output = new StreamOutput({ size: 256 });
        output.writeSizedUtf8(text);
        output.writeSizedUtf8(text);
        const bytes = new StreamOutput();
        bytes.writeByteArray(Buffer.from(text));
        bytes.writeByteArray(Buffer.from(text));
        expect(output.toBuffer().equals(bytes.toBuffer())).toBe(true);
      }
    },
  );
});

describe('StreamOutput refuses with ERR_USAGE', () => {
  it.each<[string, (output: StreamOutput) => void]>([
    ['undefined for a string', (output) => output.writeString(undefined as never)],
    ['a number for a string', (output) => output.writeString(7 as never)],
    ['a list for a string', (output) => output.writeString([] as never)],
    ['a short out of range', (output) => output.writeShort(0x8000)],
    ['an int out of range', (output) => output.writeInt(2 ** 31)],
    ['a fraction', (output) => output.writeInt(1.5)],
    ['no number at all', (output) => output.writeInt('1' as never)],
    ['undefined', (output) => output.writeVInt(undefined as never)],
    ['a vInt out of range', (output) => output.writeVInt(2 ** 32)],
    ['a long that is not exact', (output) => output.writeLong(2 ** 53)],
    ['a negative vLong', (output) => output.writeVLong(-1)],
    ['a negative vLong64', (output) => output.writeVLong64(-1n)],
    ['a bigint of 65 bits', (output) => output.writeLong64(2n ** 63n)],
    ['a number for a bigint', (output) => output.writeZLong64(1 as never)],
  ])('%s', (_, write) => {
    expect(() => write(new StreamOutput())).toThrow(UsageError);
  });
});

describe('a StreamOutput that was lent a slab', () => {
  it('moves to a larger buffer when it outgrows it, and leaves the slab as it was', () => {
    const slab = Buffer.alloc(8, 0xee);
    const output = new StreamOutput();
    output.lend(slab, 4, output.version, output.version);
    output.writeInt(1);
    expect(output.buffer).toBe(slab);
    output.writeInt(2);
    expect(output.buffer).not.toBe(slab);
    expect(output.toBuffer().toString('hex')).toBe('0000000100000002');
    expect(slab.toString('hex')).toBe('eeeeeeee00000001');
  });

  it('goes back to a position', () => {
    const output = new StreamOutput();
    output.writeInt(1);
    const at = output.position;
    output.writeInt(2);
    output.truncate(at);
    expect(output.toBuffer().toString('hex')).toBe('00000001');
  });

  it('keeps large bytes by reference when allowed, in their place', () => {
    const large = Buffer.alloc(BY_REFERENCE_BYTES, 7);
    const output = new StreamOutput({ size: 4 });
    output.allowReferences();
    output.writeInt(1);
    output.writeByteArray(large);
    output.writeInt(2);
    expect(output.references).toHaveLength(1);
    expect(output.references[0]?.bytes).toBe(large);
    expect(output.size).toBe(4 + 3 + large.length + 4);
    const input = new StreamInput(output.toBuffer());
    expect(input.readInt()).toBe(1);
    expect(input.readByteArray().equals(large)).toBe(true);
    expect(input.readInt()).toBe(2);
  });
});
