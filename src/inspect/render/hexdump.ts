const WIDTH = 16;

/** `0040  45 53 00 …  |ES.…|`, a line for 16 bytes. @param base offset of the first byte */
export function hexdump(bytes: Buffer, base: number, indent: string, most: number): string[] {
  const lines: string[] = [];
  const shown = Math.min(bytes.length, most);
  for (let at = 0; at < shown; at += WIDTH) {
    const row = bytes.subarray(at, Math.min(at + WIDTH, shown));
    lines.push(`${indent}${offsetText(base + at)}  ${spaced(row).padEnd(WIDTH * 3 - 1)}  |${ascii(row)}|`);
  }
  if (shown < bytes.length) lines.push(`${indent}… ${bytes.length - shown} more bytes`);
  return lines;
}

/** Four hex digits at least. */
export function offsetText(offset: number): string {
  return offset.toString(16).padStart(4, '0');
}

/** `45 53` */
export function spaced(bytes: Buffer): string {
  return bytes.toString('hex').replaceAll(/..(?=.)/g, '$& ');
}

function ascii(bytes: Buffer): string {
  return bytes.toString('latin1').replaceAll(/[^\x20-\x7e]/g, '.');
}
