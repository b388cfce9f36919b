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
      /** True when a colon, a bar or a column of text says that this is a dump. */
      readonly isMarked: boolean;
    }
  /** `*`: lines like the one before. */
  | { readonly kind: 'repeat'; readonly number: number };

/** An offset of 4 to 16 digits, with what stands around it, and the rest of the line. */
const LINE = /^\s*(\|?)\s*(?:0x)?([0-9a-f]{4,16})(\s*[:|])?(?:\s+(.*))?$/i;

/** Groups of bytes; `hexdump -C` and Wireshark have a wider gap in the middle. */
const GROUPS = /^[0-9a-f]{2,}(?:\s+[0-9a-f]{2,})*$/i;

/**
 * Reads one line of a dump.
 *
 * @returns null when it is not a line of a dump
 * @throws ERR_USAGE when it is one, but its bytes cannot be told for sure
 */
export function parseDumpLine(line: string, number: number): DumpLine | null {
  if (line.trim() === '*') return { kind: 'repeat', number };
  const [, bar = '', offset = '', mark = '', content = ''] = LINE.exec(line) ?? [];
  if (offset === '') return null;
  const rest = content.trimEnd();
  const isMarked = mark !== '' || bar !== '';
  if (rest === '') return { kind: 'bytes', number, offset, bytes: Buffer.alloc(0), isMarked };
  const found = delimited(rest) ?? undelimited(rest);
  if (found === null) {
    if (!isMarked && !DELIMITED.test(rest)) return null;
    throw new UsageError('ERR_USAGE', {}, `cannot read line ${number} of the hex dump: its text column does not match its bytes`);
  }
  if (mark === '' && /^[0-9a-f]{4}\b/i.test(rest)) return words(offset, number);
  return { kind: 'bytes', number, offset, bytes: found.bytes, isMarked: isMarked || found.hasText };
}

/** Groups of two bytes without a colon are words in the byte order of a machine where the offset has an odd number of digits; else plain hex. */
function words(offset: string, number: number): null {
  if (offset.length % 2 === 0) return null;
  const reason = 'hexdump and od -x write words in the byte order of the machine; use hexdump -C, xxd or od -t x1';
  throw new UsageError('ERR_USAGE', {}, `cannot read line ${number} of the hex dump: ${reason}`);
}

interface Found {
  readonly bytes: Buffer;
  readonly hasText: boolean;
}

/** `45 53  |ES|`, `45 53 >ES<` */
const DELIMITED = /^([0-9a-f\s]+?)\s*(?:\|(.*)\||>(.*)<)$/i;

function delimited(rest: string): Found | null {
  const [, groups = '', inBars, inAngles] = DELIMITED.exec(rest) ?? [];
  const bytes = bytesOf(groups);
  return bytes !== null && isTextOf(inBars ?? inAngles ?? '', bytes) ? { bytes, hasText: true } : null;
}

/** `4553 ffff  ES..`: the text begins in or behind one of the wider gaps, or there is none. Text that matches its bytes decides. */
function undelimited(rest: string): Found | null {
  for (const { index, 0: gap } of rest.matchAll(/\s{2,}/g)) {
    const bytes = bytesOf(rest.slice(0, index));
    if (bytes === null) continue;
    // The text may begin with spaces of its own.
    for (let at = index + gap.length; at > index; at--) {
      if (isTextOf(rest.slice(at), bytes)) return { bytes, hasText: true };
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

/** Whether a text column shows these bytes, a character for each. Spaces at its end may be missing, or fill it. */
function isTextOf(text: string, bytes: Buffer): boolean {
  if (text.length > bytes.length && text.slice(bytes.length).trim() !== '') return false;
  return bytes.every((byte, i) => {
    if (byte >= 0x20 && byte <= 0x7e) return (text[i] ?? ' ') === String.fromCharCode(byte);
    // Tools show what cannot be printed as a dot or the like.
    return i < text.length && !/[0-9a-z]/i.test(text.charAt(i));
  });
}
