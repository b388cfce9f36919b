import { expect, test } from 'vitest';
import { isAscii, isAsciiView } from '../../../../src/protocol/wire/text.ts';

test.each([0, 1, 3, 15, 16, 17, 31, 32, 33, 50])(
  'of %i bytes one beyond ASCII is found wherever it is, and those around do not count',
  (size) => {
    const bytes = new Uint8Array(size + 2).fill(0x7f);
    bytes[0] = bytes[size + 1] = 0xff;
    const view = new DataView(bytes.buffer);
    expect([isAsciiView(view, 1, size + 1), isAscii(bytes, 1, size + 1)]).toEqual([true, true]);
    for (let i = 1; i <= size; i++) {
      bytes[i] = 0x80;
      expect([isAsciiView(view, 1, size + 1), isAscii(bytes, 1, size + 1)]).toEqual([false, false]);
      bytes[i] = 0x7f;
    }
  },
);
