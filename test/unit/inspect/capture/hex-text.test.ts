import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../../../src/protocol/error/transport-error.ts';
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

describe('digits that may be offsets, bytes or text', () => {
  test.each<[string, string, string]>([
    ['od -A x -x', '000000 5345 ffff ffff\n000006', 'od -x write words'],
    ['od -A x -t x2 over lines', '0000 5345 ffff ffff ffff\n0008 0000 0000', 'od -x write words'],
    ['od -A x -t x4', '00000000 ffff5345 0000ffff\n00000008 00000000', 'od -x write words'],
    ['the first line of od -A x -x', '000000 5345 ffff', 'od -x write words'],
    ['text that looks like bytes', '0000: 33 30  30', "'30' may be bytes or text"],
    ['text that looks like more bytes', '0000: 33 30 20 33 31 20 33 32  30 31 32', "'30 31 32' may be bytes or text"],
    ['one line without a mark', '0000 45 53', "'0000' may be an offset or bytes"],
  ])('%s: refused', (_, text, reason) => {
    expect(() => parseHexText(text)).toThrow(reason);
  });

  test.each([
    ['00000000 00000004 00000008', '000000000000000400000008'],
    ['0000 4553 ffff', '00004553ffff'],
    ['4553 ffff\nffff 0000', '4553ffffffff0000'],
    ['00000000', '00000000'],
    ['0000\n0000', '00000000'],
  ])('%j: plain hex', (text, hex) => {
    expect(parseHexText(text)?.toString('hex')).toBe(hex);
  });

  test.each([
    ['00000000: 3330                                     30', '3330'],
    ['00000000: 3132 3334 3536 3738 3132 3334 3536 3738  1234567812345678', '31323334353637383132333435363738'],
    ['0000000 45 53\n0000002', '4553'],
  ])('%j: a dump', (text, hex) => {
    expect(parseHexText(text)?.toString('hex')).toBe(hex);
  });
});

test.each<[string, string]>([
  ['gaps between groups', '4553  '],
  ['a line of spaces', ' '],
  ['groups behind an offset', '00000000:  45  53  '],
])('time grows with the length of one line: %s', (_, block) => {
  const timeOf = (chars: number): number => {
    const text = `${'4553 '.repeat(4)}${block.repeat(chars / block.length)}`;
    const began = performance.now();
    try {
      parseHexText(text);
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
    }
    return performance.now() - began;
  };
  timeOf(900);
  // 27 s with time that grows with the square.
  expect(timeOf(90_000)).toBeLessThan(1000);
});

test('one long line of plain hex is read', () => {
  expect(parseHexText('4553  '.repeat(1000))?.length).toBe(2000);
});

describe('dumps of a frame as tools print them', () => {
  const PING_AND_ZEROS = `4553ffffffff${'00'.repeat(44)}68c3a97c`;
  const HEXDUMP_C = [
    '00000000  45 53 ff ff ff ff 00 00  00 00 00 00 00 00 00 00  |ES..............|',
    '00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|',
    '*',
    '00000030  00 00 68 c3 a9 7c                                 |..h..||',
    '00000036',
  ];
  test.each<[string, string[]]>([
    ['hexdump -C', HEXDUMP_C],
    [
      'xxd',
      [
        '00000000: 4553 ffff ffff 0000 0000 0000 0000 0000  ES..............',
        '00000010: 0000 0000 0000 0000 0000 0000 0000 0000  ................',
        '00000020: 0000 0000 0000 0000 0000 0000 0000 0000  ................',
        '00000030: 0000 68c3 a97c                           ..h..|',
      ],
    ],
    [
      'od -t x1',
      [
        '0000000 45 53 ff ff ff ff 00 00 00 00 00 00 00 00 00 00',
        '0000020 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00',
        '*',
        '0000060 00 00 68 c3 a9 7c',
        '0000066',
      ],
    ],
    [
      'od -A d -t x1z',
      [
        '0000000 45 53 ff ff ff ff 00 00 00 00 00 00 00 00 00 00  >ES..............<',
        '0000016 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  >................<',
        '*',
        '0000048 00 00 68 c3 a9 7c                                >..h..|<',
        '0000054',
      ],
    ],
  ])('%s', (_, lines) => {
    expect(parseHexText(lines.join('\n'))?.toString('hex')).toBe(PING_AND_ZEROS);
    expect(parseHexText(`${lines.join('\r\n')}\r\n`)?.toString('hex')).toBe(PING_AND_ZEROS);
  });

  test('a part of a dump may begin anywhere', () => {
    expect(parseHexText('00000030  00 00 68 c3 a9 7c                                 |..h..||')?.toString('hex')).toBe('000068c3a97c');
  });

  test.each<[string, string[], string]>([
    ['a line that is missing', HEXDUMP_C.toSpliced(1, 2), 'line 2 of the hex dump: offset 00000030, expected 10'],
    ['a line that lost a byte', HEXDUMP_C.with(0, (HEXDUMP_C[0] as string).replace('ff ff ff ff', 'ff ff ff')), 'line 1'],
    ['repeated lines without an end', HEXDUMP_C.slice(0, 3), 'nothing tells where the repeated lines end'],
    ['words of hexdump without -C', ['0000000 5345 ffff ffff', '0000006'], 'use hexdump -C'],
    ['words of xxd -e', ['00000000: ffff5345 0000ffff  ES......'], 'its text column does not match its bytes'],
    [
      'something between its lines',
      HEXDUMP_C.toSpliced(1, 0, 'hello'),
      "line 2 of the hex dump: expected an offset and bytes, got 'hello'",
    ],
  ])('%s is refused by name', (_, lines, reason) => {
    expect(() => parseHexText(lines.join('\n'))).toThrow(reason);
  });

  test('a star cannot stand for any number of bytes', () => {
    expect(() => parseHexText(HEXDUMP_C.with(3, '7fffffff0').slice(0, 4).join('\n'))).toThrow('at most 268435456 bytes');
  });
});

/** Writes dumps as the tools do. */
const TOOLS: Readonly<Record<string, (bytes: Buffer) => string>> = {
  xxd: (bytes) =>
    rows(bytes, (at, row) => `${hex8(at)}: ${(row.toString('hex').match(/.{1,4}/g) ?? []).join(' ').padEnd(39)}  ${ascii(row)}`),
  'xxd -g 1': (bytes) => rows(bytes, (at, row) => `${hex8(at)}: ${pairs(row).padEnd(47)}  ${ascii(row)}`),
  'hexdump -C': (bytes) => {
    const halves = (row: Buffer): string => `${pairs(row.subarray(0, 8)).padEnd(23)}  ${pairs(row.subarray(8))}`.padEnd(48);
    return `${squeezed(bytes, (at, row) => `${hex8(at)}  ${halves(row)}  |${ascii(row)}|`)}\n${hex8(bytes.length)}\n`;
  },
  'od -t x1': (bytes) => {
    const octal = (at: number): string => at.toString(8).padStart(7, '0');
    return `${squeezed(bytes, (at, row) => `${octal(at)} ${pairs(row)}`)}\n${octal(bytes.length)}\n`;
  },
  Wireshark: (bytes) => rows(bytes, (at, row) => `${at.toString(16).padStart(4, '0')}   ${pairs(row).padEnd(47)}   ${ascii(row)}`),
};

const hex8 = (at: number): string => at.toString(16).padStart(8, '0');
const pairs = (row: Buffer): string => (row.toString('hex').match(/../g) ?? []).join(' ');
const ascii = (row: Buffer): string => row.toString('latin1').replaceAll(/[^\x20-\x7e]/g, '.');

function rowsOf(bytes: Buffer): [number, Buffer][] {
  return Array.from({ length: Math.ceil(bytes.length / 16) }, (_, i) => [16 * i, bytes.subarray(16 * i, 16 * i + 16)]);
}

function rows(bytes: Buffer, line: (at: number, row: Buffer) => string): string {
  return rowsOf(bytes)
    .map(([at, row]) => line(at, row))
    .join('\n');
}

/** Whole lines that repeat the one before become one star. */
function squeezed(bytes: Buffer, line: (at: number, row: Buffer) => string): string {
  const lines = rowsOf(bytes).map(([at, row], i, all) =>
    i > 0 && row.length === 16 && row.equals(all[i - 1]?.[1] ?? row) ? '*' : line(at, row),
  );
  return lines.filter((each, i) => each !== '*' || lines[i - 1] !== '*').join('\n');
}

describe.each(Object.keys(TOOLS))('any bytes in the form of %s', (tool) => {
  const write = TOOLS[tool] as (bytes: Buffer) => string;
  // Few values, so that text columns look like hex and lines repeat.
  const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0x20, 0x30, 0x61, 0x7c, 0x3e, 0));
  const anyBytes = fc
    .tuple(fc.array(byte, { minLength: 1, maxLength: 70 }), fc.nat(40), fc.array(byte, { maxLength: 20 }))
    .map(([head, zeros, tail]) => Buffer.concat([Buffer.from([0x45, ...head]), Buffer.alloc(zeros), Buffer.from(tail)]));

  test('are read as they are', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(parseHexText(write(bytes))?.toString('hex')).toBe(bytes.toString('hex'));
      }),
    );
  });

  test('with a digit lost anywhere are read whole, or refused', () => {
    fc.assert(
      fc.property(anyBytes, fc.nat(), (bytes, place) => {
        const text = write(bytes);
        const digits = [...text.matchAll(/\b[0-9a-f]{2}(?= )/g)].map(({ index }) => index);
        const at = digits[place % digits.length] ?? 0;
        let read: Buffer | null;
        try {
          read = parseHexText(`${text.slice(0, at)}${text.slice(at + 1)}`);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
          return;
        }
        if (read !== null) expect(read.length).toBeGreaterThanOrEqual(bytes.length);
      }),
    );
  });
});
