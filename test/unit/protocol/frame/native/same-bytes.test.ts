import { expect, test } from 'vitest';
import { sameBytes, copyForComparing } from '../../../../../src/protocol/frame/native/same-bytes.ts';

test.each(Array.from({ length: 70 }, (_, size) => size))(
  '%i bytes: equal to themselves anywhere, to nothing that differs in one',
  (size) => {
    const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 37 + 200) & 0xff);
    const kept = copyForComparing(bytes);
    const place = Buffer.concat([Buffer.alloc(3, 0x55), bytes, Buffer.alloc(2, 0x55)]);
    const words = new DataView(place.buffer, place.byteOffset, place.length);
    expect(sameBytes(kept, words, 3, size)).toBe(true);
    for (let i = 0; i < size; i++) {
      words.setUint8(3 + i, words.getUint8(3 + i) ^ 0x80);
      expect(sameBytes(kept, words, 3, size)).toBe(false);
      words.setUint8(3 + i, words.getUint8(3 + i) ^ 0x80);
    }
  },
);
