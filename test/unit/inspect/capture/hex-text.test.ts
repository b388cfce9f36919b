import { expect, test } from 'vitest';
import { parseHexText } from '../../../../src/inspect/capture/hex-text.ts';

test.each([
  ['4553ffffffff'],
  ['45 53 FF ff ff ff'],
  ['0x45, 0x53, 0xff, 0xff, 0xff, 0xff'],
  ['45:53:ff:ff:ff:ff\n'],
  ['4553\n  ffff\r\nffff'],
  ['0x4553ffffffff'],
  ['00000000: 4553 ffff ffff                           ES....'],
  ['00000000  45 53 ff ff ff ff                                 |ES....|\n00000006'],
  [
    '         +-------------------------------------------------+\n|00000000| 45 53 ff ff ff ff                               |ES....          |',
  ],
  ['0000   45 53 ff\n0003   ff ff ff'],
  ['\t0x0000:  4553 ffff ffff                           ES....'],
  ['<Buffer 45 53 ff ff ff ff>'],
  ['[0x45, 0x53, 0xff, 0xff, 0xff, 0xff]'],
  ['"4553ffffffff"'],
  ['\\x45\\x53\\xff\\xff\\xff\\xff'],
])('%j is a ping', (text) => {
  expect(parseHexText(text)?.toString('hex')).toBe('4553ffffffff');
});

test('the text column of a dump is no part of it, even where it looks like hex', () => {
  const bytes = Buffer.from('abcdef0123456789abcdef', 'latin1');
  const pairs = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
  const dump = `00000000: ${pairs.slice(0, 16).join(' ')}  abcdef0123456789\n00000010: ${pairs.slice(16).join(' ').padEnd(47)}  abcdef`;
  expect(parseHexText(dump)?.toString('latin1')).toBe('abcdef0123456789abcdef');
});

test.each(['', 'xyz', '<Buffer 45 53 ... 4 more bytes>', '<>', '455', 'GET / HTTP/1.1', '45 5g', '\n\n'])('%j is no hex', (text) => {
  expect(parseHexText(text)).toBeNull();
});
