import { describe, expect, it } from 'vitest';
import { DecodeError } from '../../../../src/protocol/error/transport-error.ts';
import { StreamInput } from '../../../../src/protocol/wire/stream-input.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const input = (hex: string): StreamInput => new StreamInput(bytes(hex));

type Read = (stream: StreamInput) => unknown;

const READ = {
  byte: (stream) => stream.readByte(),
  ubyte: (stream) => stream.readUByte(),
  boolean: (stream) => stream.readBoolean(),
  optionalBoolean: (stream) => stream.readOptionalBoolean(),
  short: (stream) => stream.readShort(),
  int: (stream) => stream.readInt(),
  long: (stream) => stream.readLong(),
  long64: (stream) => stream.readLong64(),
  float: (stream) => stream.readFloat(),
  double: (stream) => stream.readDouble(),
  vInt: (stream) => stream.readVInt(),
  vLong: (stream) => stream.readVLong(),
  vLong64: (stream) => stream.readVLong64(),
  zLong: (stream) => stream.readZLong(),
  zLong64: (stream) => stream.readZLong64(),
  count: (stream) => stream.readCount(),
  intCount: (stream) => stream.readIntCount(),
  byteArray: (stream) => stream.readByteArray(),
  string: (stream) => stream.readString(),
  optionalString: (stream) => stream.readOptionalString(),
} satisfies Record<string, Read>;

describe('StreamInput reads', () => {
  it.each<[keyof typeof READ, string, unknown]>([
    ['byte', '80', -128],
    ['ubyte', '80', 128],
    ['optionalBoolean', '02', null],
    ['short', '8000', -32768],
    ['int', 'ffffffff', -1],
    ['long', '001fffffffffffff', Number.MAX_SAFE_INTEGER],
    ['long', 'ffe0000000000001', Number.MIN_SAFE_INTEGER],
    ['long64', '8000000000000000', -(2n ** 63n)],
    ['float', '80000000', -0],
    ['double', '7ff8000000000000', Number.NaN],
    ['vInt', 'ff ff ff ff 0f', -1],
    ['vInt', '80 80 80 80 78', -2147483648],
    ['vInt', 'ff ff ff ff 7f', -1],
    ['vLong', 'ff ff ff ff ff ff ff 0f', Number.MAX_SAFE_INTEGER],
    ['vLong64', 'ff ff ff ff ff ff ff ff ff 01', -1n],
    ['vLong64', 'ff ff ff ff ff ff ff ff 7f', 2n ** 63n - 1n],
    ['zLong', '01', -1],
    ['zLong', '80 01', 64],
    ['zLong64', 'ff ff ff ff ff ff ff ff ff 01', -(2n ** 63n)],
    ['zLong64', 'ff ff ff ff ff ff ff ff ff 7f', -(2n ** 63n)],
    ['string', '02 eda0bd edb880', '😀'],
    ['string', '01 eda0bd', '\ud83d'],
    ['string', '03 61 c3a9 00', 'aé\0'],
    ['string', '01 c3 29', 'é'],
    ['optionalString', '00', null],
  ])('%s from %s', (type, hex, value) => {
    const stream = input(hex);
    expect(READ[type](stream)).toEqual(value);
    expect(stream.remaining).toBe(0);
    stream.expectEnd('value');
  });

  it('a string beyond the units that go into one call', () => {
    const text = 'é'.repeat(10_000);
    expect(input(`904e${Buffer.from(text).toString('hex')}`).readString()).toBe(text);
  });
});

describe('StreamInput refuses, with the offset', () => {
  it.each<[keyof typeof READ, string, number, RegExp]>([
    ['boolean', '02', 0, /unexpected byte \[0x02\]/],
    ['optionalBoolean', '03', 0, /unexpected byte \[0x03\]/],
    ['vInt', 'ff ff ff ff ff', 0, /Invalid vInt \(\(ff & 0x7f\) << 28\) \| fffffff/],
    ['vLong', '80 80 80 80 80 80 80 80 80 80', 0, /too long/],
    ['vLong64', '80 80 80 80 80 80 80 80 80 02', 0, /tenth byte is 0x02/],
    ['vLong64', 'ff ff ff ff ff ff ff ff ff ff', 0, /too long/],
    ['zLong64', 'ff ff ff ff ff ff ff ff ff ff', 0, /too long/],
    ['long', '0020000000000000', 0, /beyond 2\^53/],
    ['vLong', '80 80 80 80 80 80 80 10', 0, /beyond 2\^53/],
    ['zLong', '80 80 80 80 80 80 80 20', 0, /beyond 2\^53/],
    ['count', 'ff ff ff ff 0f', 0, /must be positive but was: -1/],
    ['count', '05 00 00', 0, /a count of 5 needs at least 5 more bytes, but only 2 are left/],
    ['count', 'ff ff ff ff 07', 0, /needs at least \d+ more bytes, but/],
    ['intCount', '80000000', 0, /must be positive/],
    ['byteArray', '02 00', 0, /needs at least \d+ more bytes, but/],
    ['string', '02 61', 0, /needs at least \d+ more bytes, but/],
    ['string', '02 61 80', 2, /Invalid string; unexpected character: 128 hex: 80/],
    ['string', '01 f0', 1, /Invalid string; unexpected character: 240 hex: f0/],
    ['string', '01 bf', 1, /Invalid string/],
    ['string', '02 c3a9', 3, /does not fit in the bytes left/],
    ['string', '01 e2', 2, /does not fit in the bytes left/],
    ['optionalString', '02', 0, /expected a boolean/],
  ])('%s from %s', (type, hex, offset, text) => {
    const error = thrownBy(() => READ[type](input(hex)));
    expect(error).toBeInstanceOf(DecodeError);
    expect(error).toMatchObject({ code: 'ERR_DECODE', offset, message: expect.stringMatching(text) as unknown });
  });

  it.each(Object.entries(READ))('%s where there is nothing', (_, read: Read) => {
    expect(thrownBy(() => read(input('')))).toMatchObject({ code: 'ERR_DECODE', offset: 0 });
  });

  it.each<[keyof typeof READ, string]>([
    ['short', '0001'],
    ['int', '00000001'],
    ['long', '0000000000000001'],
    ['long64', '0000000000000001'],
    ['float', '3f800000'],
    ['double', '3ff0000000000000'],
    ['vInt', '80 80 80 80 01'],
    ['vLong', '80 80 80 80 80 80 01'],
    ['vLong64', 'ff ff ff ff ff ff ff ff 7f'],
    ['zLong64', 'ff ff ff ff ff ff ff ff ff 01'],
    ['string', '04 61 c3a9 e282ac 00'],
  ])('%s cut at every offset', (type, hex) => {
    const whole = bytes(hex);
    for (let end = 0; end < whole.length; end++) {
      const error = thrownBy(() => READ[type](new StreamInput(whole.subarray(0, end))));
      expect(error).toBeInstanceOf(DecodeError);
      expect((error as DecodeError).offset).toBeLessThanOrEqual(end);
    }
  });

  it('bytes that are left', () => {
    const stream = input('0001');
    stream.readByte();
    expect(() => stream.expectEnd('answer')).toThrow(/1 byte is left after the end of the answer \(at byte 1\)/);
  });
});

describe('a StreamInput', () => {
  it.each([1, 47, 48, 49, 128, 16 * 1024, 16 * 1024 + 1])('copies %i bytes out of memory that will be used again', (count) => {
    const memory = Buffer.from(Uint8Array.from({ length: count + 20 }, (_, i) => i * 7));
    const input = new StreamInput(memory.subarray(5));
    input.readBytes(3);
    const expected = Buffer.from(memory.subarray(8, 8 + count));
    const taken = input.takeBytes(count);
    memory.fill(0);
    expect(taken.equals(expected)).toBe(true);
    expect(input.remaining).toBe(12);
  });

  it('counts offsets from where it was pointed at', () => {
    const stream = new StreamInput(Buffer.alloc(0));
    stream.reset(bytes('ffff 0003 02'), 2, 5, stream.version, stream.version, false);
    expect(stream.remaining).toBe(3);
    expect(stream.readShort()).toBe(3);
    expect(stream.offset).toBe(2);
    expect(thrownBy(() => stream.readBoolean())).toMatchObject({ offset: 2 });
  });

  it('does not look beyond its end', () => {
    const stream = new StreamInput(bytes('00000000'));
    stream.reset(bytes('0000000100'), 0, 2, stream.version, stream.version, false);
    expect(() => stream.readInt()).toThrow(/expected 4 more bytes, got 2/);
  });
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
