import { UsageError } from '../../protocol/error/transport-error.ts';

/** One line of a hex dump. */
export type DumpLine =
  | {
      readonly kind: 'bytes';
      /** Number of the line in the text, from 1. */
      readonly number: number;
      /** Digits of the offset. */
      readonly offset: string;
      /** Empty in a last line that has an offset only. */
      readonly bytes: Buffer;
      /** Digits of the first group, 0 without bytes: more than 2 may be a word in the byte order of a machine. */
      readonly groupDigits: number;
      /** True when a colon, a bar or a column of text says that this is a dump. */
      readonly isMarked: boolean;
    }
  /** `*`: lines like the one before. */
  | { readonly kind: 'repeat'; readonly number: number };

/** Longer lines are plain hex: no tool writes so many bytes in a line of a dump. */
const MAX_LINE_CHARS = 1024;

/** An offset of 4 to 16 digits, with what stands around it, and the rest of the line. */
const LINE = /^\s*(?:(\|)\s*)?(?:0x)?([0-9a-f]{4,16})(\s*[:|])?(?:\s+(.*))?$/i;

const DIGITS = /^[0-9a-f]+/i;

/** Groups of bytes; `hexdump -C` and Wireshark have a wider gap in the middle. */
const GROUPS = /^[0-9a-f]{2,}(?:\s+[0-9a-f]{2,})*$/i;

/**
 * Reads one line of a dump.
 *
 * @returns null when it is not a line of a dump
 * @throws ERR_USAGE when it is one, but its bytes cannot be told for sure
 */
export function parseDumpLine(line: string, number: number): DumpLine | null {
  if (line.length > MAX_LINE_CHARS) return null;
  if (line.trim() === '*') return { kind: 'repeat', number };
  const [, bar = '', offset = '', mark = '', content = ''] = LINE.exec(line) ?? [];
  if (offset === '') return null;
  const rest = content.trimEnd();
  const isMarked = mark !== '' || bar !== '';
  if (rest === '') return { kind: 'bytes', number, offset, bytes: Buffer.alloc(0), groupDigits: 0, isMarked };
  const groupDigits = DIGITS.exec(rest)?.[0].length ?? 0;
  const found = delimited(rest) ?? undelimited(rest, groupDigits, number);
  if (found === null) {
    if (!isMarked && !DELIMITED.test(rest)) return null;
    throw new UsageError('ERR_USAGE', {}, `cannot read line ${number} of the hex dump: its text column does not match its bytes`);
  }
  return { kind: 'bytes', number, offset, bytes: found.bytes, groupDigits, isMarked: isMarked || found.hasText };
}

interface Found {
  readonly bytes: Buffer;
  readonly hasText: boolean;
}

/** `45 53  |ES|`, `45 53 >ES<` */
const DELIMITED = /^([0-9a-f\s]+)(?:\|(.*)\||>(.*)<)$/i;

function delimited(rest: string): Found | null {
  const [, groups = '', inBars, inAngles] = DELIMITED.exec(rest) ?? [];
  const bytes = bytesOf(groups);
  return bytes !== null && isTextOf(inBars ?? inAngles ?? '', bytes) ? { bytes, hasText: true } : null;
}

/** Between groups of bytes, no tool writes a gap of more than two spaces. */
const MAX_INNER_GAP = 2;

/** `4553 ffff  ES..`: the text begins in or behind one of the wider gaps, or there is none. Text that matches its bytes decides. */
function undelimited(rest: string, groupDigits: number, number: number): Found | null {
  for (const { index, 0: gap } of rest.matchAll(/\s{2,}/g)) {
    const bytes = bytesOf(rest.slice(0, index));
    if (bytes === null) continue;
    // The text may begin with spaces of its own.
    for (let at = index + gap.length; at > index; at--) {
      if (!isTextOf(rest.slice(at), bytes)) continue;
      if (gap.length > MAX_INNER_GAP || !isLikeGroups(rest.slice(at), groupDigits)) return { bytes, hasText: true };
      const text = rest.slice(at).trim().slice(0, 40);
      throw new UsageError(
        'ERR_USAGE',
        {},
        `cannot read line ${number} of the hex dump: '${text}' may be bytes or text, remove the text column`,
      );
    }
  }
  const bytes = bytesOf(rest);
  return bytes === null ? null : { bytes, hasText: false };
}

function bytesOf(groups: string): Buffer | null {
  const trimmed = groups.trim();
  const digits = trimmed.replaceAll(/\s/g, '');
  return GROUPS.test(trimmed) && trimmed.split(/\s+/).every((group) => group.length % 2 === 0) ? Buffer.from(digits, 'hex') : null;
}

/** Whether a text column is written like groups of bytes, none longer than the first group of its line. */
function isLikeGroups(text: string, groupDigits: number): boolean {
  return (
    bytesOf(text) !== null &&
    text
      .trim()
      .split(/\s+/)
      .every((group) => group.length <= groupDigits)
  );
}

/** Whether a text column shows these bytes, a character for each. Spaces at its end may be missing, or fill it. */
function isTextOf(text: string, bytes: Buffer): boolean {
  if (text.length > bytes.length && text.slice(bytes.length).trim() !== '') return false;
  return bytes.every((byte, i) => {
    if (byte >= 0x20 && byte <= 0x7e) return (text[i] ?? ' ') === String.fromCharCode(byte);
    // Tools show what cannot be printed as a dot or the like.
    return i < text.length && !/[0-9a-z]/i.test(text.charAt(i));
  });
}
