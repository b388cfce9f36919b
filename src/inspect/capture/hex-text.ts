/** A line of `xxd`, `hexdump -C`, `tcpdump -x` or a network trace: an offset, bytes, perhaps the same as text. */
const DUMP_LINE = /^\s*\|?\s*(?:0x)?([0-9a-f]{4,8})\s*[:|]?\s+((?:[0-9a-f]{2}\s?)+)/i;

/**
 * Reads bytes written in hex: with or without spaces, colons, commas, `0x`, `\x`, quotes, brackets and line ends, as Node.js shows a Buffer,
 * or as a dump with offsets.
 *
 * @returns null when the text is not hex
 */
export function parseHexText(text: string): Buffer | null {
  return parseDump(text) ?? parsePlain(text);
}

function parsePlain(text: string): Buffer | null {
  const digits = text.replace(/^\s*<Buffer\s/, '').replaceAll(/0x|\\x|[\s:,;|_<>[\]"'-]/gi, '');
  return digits !== '' && digits.length % 2 === 0 && /^[0-9a-f]*$/i.test(digits) ? Buffer.from(digits, 'hex') : null;
}

/** Every line has to begin with the number of bytes before it: no other text has that. */
function parseDump(text: string): Buffer | null {
  const lines: Buffer[] = [];
  let size = 0;
  for (const line of text.split('\n')) {
    const [, offset = '', pairs = ''] = DUMP_LINE.exec(line) ?? [];
    if (offset === '') continue;
    if (Number.parseInt(offset, 16) !== size) return null;
    const bytes = Buffer.from(pairs.slice(0, DUMP_WIDTH).replaceAll(/\s/g, ''), 'hex');
    lines.push(bytes);
    size += bytes.length;
  }
  return lines.length === 0 ? null : Buffer.concat(lines, size);
}

/** Sixteen bytes and the spaces between them: what follows is the text column, which may look like hex. */
const DUMP_WIDTH = 49;
