import { parseHexDump } from './hex-dump.ts';

/**
 * Reads bytes written in hex: with or without spaces, colons, commas, `0x`, `\x`, quotes, brackets and line ends, as Node.js shows a Buffer,
 * or as a dump with offsets (`xxd`, `hexdump -C`, `od -t x1`, Wireshark).
 *
 * @returns null when the text is not hex
 * @throws ERR_USAGE for a dump that cannot be read to its last byte, ERR_LIMIT for one that is too long
 */
export function parseHexText(text: string): Buffer | null {
  return parseHexDump(text) ?? parsePlain(text);
}

function parsePlain(text: string): Buffer | null {
  const digits = text.replace(/^\s*<Buffer\s/, '').replaceAll(/0x|\\x|[\s:,;|_<>[\]"'-]/gi, '');
  return digits !== '' && digits.length % 2 === 0 && /^[0-9a-f]*$/i.test(digits) ? Buffer.from(digits, 'hex') : null;
}
