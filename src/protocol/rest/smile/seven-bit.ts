/** Returns an integer as a number, or as a bigint if a number cannot hold it. */
export function integerOf(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Returns the bytes that SMILE has spread over seven bits a byte; the last byte has the rest, in its low bits. */
export function readSevenBit(from: Uint8Array, length: number): Buffer {
  const out = Buffer.allocUnsafe(length);
  let bits = 0;
  let count = 0;
  let at = 0;
  for (const [index, byte] of from.entries()) {
    const width = index === from.length - 1 ? length * 8 - index * 7 : 7;
    bits = (bits << width) | (byte & ((1 << width) - 1));
    count += width;
    if (count < 8) continue;
    count -= 8;
    out[at++] = (bits >> count) & 0xff;
    bits &= (1 << count) - 1;
  }
  return out;
}

/** Spreads bytes over seven bits a byte, as {@link readSevenBit} reads them. */
export function writeSevenBit(bytes: Uint8Array): number[] {
  const out: number[] = [];
  let bits = 0;
  let count = 0;
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    count += 8;
    while (count >= 7) {
      count -= 7;
      out.push((bits >> count) & 0x7f);
    }
    bits &= (1 << count) - 1;
  }
  if (count > 0) out.push(bits);
  return out;
}
