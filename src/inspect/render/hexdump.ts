const WIDTH = 16;

/** `00 `, `01 `, … `ff ` */
const PAIRS = Array.from({ length: 256 }, (_, byte) => `${byte.toString(16).padStart(2, '0')} `);

/** `0040  45 53 00 …  |ES.…|`, a line for 16 bytes. @param base offset of the first byte */
export function hexdump(bytes: Buffer, base: number, indent: string, most: number): string[] {
  const lines: string[] = [];
  const shown = Math.min(bytes.length, most);
  for (let at = 0; at < shown; at += WIDTH) {
    const end = Math.min(at + WIDTH, shown);
    lines.push(`${indent}${offsetText(base + at)}  ${hexColumn(bytes, at, end, WIDTH)}  |${ascii(bytes, at, end)}|`);
  }
  if (shown < bytes.length) lines.push(`${indent}… ${bytes.length - shown} more bytes`);
  return lines;
}

/** Four hex digits at least. */
export function offsetText(offset: number): string {
  return offset.toString(16).padStart(4, '0');
}

/** `45 53` and spaces up to the width of a column. @param width bytes of a full column */
export function hexColumn(bytes: Buffer, from: number, end: number, width: number): string {
  let text = '';
  for (let at = from; at < end; at++) text += PAIRS[bytes[at] as number] as string;
  return text.slice(0, -1).padEnd(width * 3 - 1);
}

function ascii(bytes: Buffer, from: number, end: number): string {
  let text = '';
  for (let at = from; at < end; at++) {
    const byte = bytes[at] as number;
    text += byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : '.';
  }
  return text;
}
