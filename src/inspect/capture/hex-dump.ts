import { LimitError, UsageError } from '../../protocol/error/transport-error.ts';
import { type DumpLine, parseDumpLine } from './hex-dump-line.ts';

/** Most bytes of a dump: a `*` may stand for any number of lines. */
const MAX_DUMP_BYTES = 256 * 1024 * 1024;

/** Offsets are hex (`xxd`, `hexdump -C`), octal (`od`) or decimal (`od -A d`, `xxd -d`). */
const RADIXES = [16, 8, 10] as const;

/** Lines around a dump that hold no bytes: blank ones, borders and the heading of a table. */
const BORDER = /^[\s|+-]*$|^\s*\|\s+0\s+1\s+2\s+3\b/;

/**
 * Reads a hex dump: lines of an offset, bytes and perhaps the same bytes as text; `*` repeats the line before it. Offsets and text are compared
 * with the bytes, so that no byte is lost in silence.
 *
 * @returns null when the text is not a dump
 * @throws ERR_USAGE when it is a dump that cannot be read to its last byte, ERR_LIMIT
 */
export function parseHexDump(text: string): Buffer | null {
  const lines: DumpLine[] = [];
  let number = 0;
  for (const line of text.split(/\r?\n/)) {
    number++;
    if (BORDER.test(line)) continue;
    const parsed = parseDumpLine(line, number);
    if (parsed === null) {
      if (isCertain(lines)) throw broken(number, `expected an offset and bytes, got '${line.trim().slice(0, 40)}'`);
      return null;
    }
    lines.push(parsed);
  }
  const [first] = lines;
  if (first === undefined || first.kind !== 'bytes') return null;
  const radix = RADIXES.find((each) => mismatch(lines, each) === null);
  if (!isCertain(lines)) return readUnmarked(lines, first, radix);
  const words = lines.find(isWords);
  if (words !== undefined) throw refusedWords(words);
  if (radix !== undefined) return join(lines, radix);
  const problem = mismatch(lines, /^0[0-7]{6}$/.test(first.offset) ? 8 : 16);
  throw problem ?? broken(1, 'the offsets do not go together');
}

/**
 * Reads lines without a mark, which may as well be groups of digits. They are a dump if each offset is what the lines before it add up to; a single
 * line if its offset is 0 and written unlike its bytes.
 */
function readUnmarked(lines: readonly DumpLine[], first: DumpLine & { readonly kind: 'bytes' }, radix: number | undefined): Buffer | null {
  // Plain hex has an even number of digits.
  const isOffset = first.offset.length % 2 === 1;
  const fits = radix !== undefined && !isEmpty(first) && !lines.slice(0, -1).some(isEmpty);
  const isDump = fits && (lines.length > 1 || (offsetOf(first, radix) === 0 && first.groupDigits !== first.offset.length));
  const words = lines.find(isWords);
  if (words !== undefined && (isOffset || isDump)) throw refusedWords(words);
  if (!isDump) return null;
  if (lines.length > 1 || isOffset) return join(lines, radix);
  throw broken(1, `'${first.offset}' may be an offset or bytes; write '${first.offset}:' for an offset, or bytes without spaces`);
}

function isCertain(lines: readonly DumpLine[]): boolean {
  return lines.some((line) => line.kind === 'bytes' && line.isMarked);
}

function isEmpty(line: DumpLine): boolean {
  return line.kind === 'bytes' && line.bytes.length === 0;
}

function isWords(line: DumpLine): boolean {
  return line.kind === 'bytes' && !line.isMarked && line.groupDigits > 2;
}

function refusedWords({ number }: DumpLine): Error {
  return broken(number, 'hexdump and od -x write words in the byte order of the machine; use hexdump -C, xxd or od -t x1');
}

function offsetOf({ offset }: { readonly offset: string }, radix: number): number {
  return new RegExp(`^[${'0123456789abcdef'.slice(0, radix)}]+$`, 'i').test(offset) ? Number.parseInt(offset, radix) : Number.NaN;
}

/** The first line whose offset is not what the lines before it add up to. */
function mismatch(lines: readonly DumpLine[], radix: number): Error | null {
  let expected: number | null = null;
  let width = 0;
  let isRepeating = false;
  for (const line of lines) {
    if (line.kind === 'repeat') {
      isRepeating = true;
      continue;
    }
    const offset = offsetOf(line, radix);
    expected ??= offset;
    const isRight = isRepeating ? offset > expected && (offset - expected) % width === 0 : offset === expected;
    if (!isRight) return broken(line.number, `offset ${line.offset}, expected ${isRepeating ? 'a later one' : expected.toString(radix)}`);
    isRepeating = false;
    width = line.bytes.length;
    expected = offset + width;
  }
  return isRepeating ? broken(lines.at(-1)?.number ?? 0, 'nothing tells where the repeated lines end') : null;
}

function join(lines: readonly DumpLine[], radix: number): Buffer {
  const parts: Buffer[] = [];
  let size = 0;
  let start: number | null = null;
  let previous: Buffer = Buffer.alloc(0);
  for (const line of lines) {
    if (line.kind === 'repeat') continue;
    const offset = offsetOf(line, radix);
    start ??= offset;
    const missing = offset - start - size;
    if (missing + size > MAX_DUMP_BYTES) throw new LimitError('ERR_LIMIT', {}, `a hex dump may hold at most ${MAX_DUMP_BYTES} bytes`);
    if (missing > 0) parts.push(Buffer.alloc(missing, previous));
    parts.push(line.bytes);
    size += missing + line.bytes.length;
    previous = line.bytes;
  }
  return Buffer.concat(parts, size);
}

function broken(line: number, reason: string): UsageError {
  return new UsageError('ERR_USAGE', {}, `cannot read line ${line} of the hex dump: ${reason}`);
}
