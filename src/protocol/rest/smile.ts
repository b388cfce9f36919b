const HEADER = Buffer.from([0x3a, 0x29, 0x0a, 0x00]);
const END_OF_TEXT = 0xfc;

/** Ranges of the tokens of short texts: longest text in bytes, first token, shortest text. */
const ASCII_VALUES = [
  { upTo: 32, token: 0x40, from: 1 },
  { upTo: 64, token: 0x60, from: 33 },
] as const;
const UNICODE_VALUES = [
  { upTo: 33, token: 0x80, from: 2 },
  { upTo: 65, token: 0xa0, from: 34 },
] as const;

/**
 * Returns a value in SMILE, Jackson's binary JSON, without back-references. Undefined members are left out.
 *
 * @param value what JSON can hold, and bigint
 * @see https://github.com/FasterXML/smile-format-specification
 */
export function encodeSmile(value: unknown): Buffer {
  const chunks: Buffer[] = [HEADER];
  writeValue(chunks, value);
  return Buffer.concat(chunks);
}

function writeValue(chunks: Buffer[], value: unknown): void {
  const byte = (token: number): number => chunks.push(Buffer.from([token]));
  if (value === null || value === undefined) byte(0x21);
  else if (typeof value === 'boolean') byte(value ? 0x23 : 0x22);
  else if (typeof value === 'string') writeText(chunks, value);
  else if (typeof value === 'bigint') writeInteger(chunks, value);
  else if (typeof value === 'number') writeNumber(chunks, value);
  else if (Array.isArray(value)) {
    byte(0xf8);
    for (const item of value) writeValue(chunks, item);
    byte(0xf9);
  } else {
    byte(0xfa);
    for (const [name, item] of Object.entries(value as object)) {
      if (item === undefined) continue;
      writeName(chunks, name);
      writeValue(chunks, item);
    }
    byte(0xfb);
  }
}

function writeText(chunks: Buffer[], text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  const isAscii = bytes.length === text.length;
  const range = (isAscii ? ASCII_VALUES : UNICODE_VALUES).find(({ upTo }) => bytes.length <= upTo);
  if (text === '') chunks.push(Buffer.from([0x20]));
  else if (range !== undefined) chunks.push(Buffer.from([range.token + bytes.length - range.from]), bytes);
  else chunks.push(Buffer.from([isAscii ? 0xe0 : 0xe4]), bytes, Buffer.from([END_OF_TEXT]));
}

function writeName(chunks: Buffer[], name: string): void {
  const bytes = Buffer.from(name, 'utf8');
  if (name === '') chunks.push(Buffer.from([0x20]));
  else if (bytes.length === name.length && bytes.length <= 64) chunks.push(Buffer.from([0x80 + bytes.length - 1]), bytes);
  else if (bytes.length !== name.length && bytes.length <= 57) chunks.push(Buffer.from([0xc0 + bytes.length - 2]), bytes);
  else chunks.push(Buffer.from([0x34]), bytes, Buffer.from([END_OF_TEXT]));
}

function writeNumber(chunks: Buffer[], value: number): void {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) writeInteger(chunks, BigInt(value));
  else chunks.push(Buffer.from([0x29]), double(value));
}

/** 64 bits in ten groups of seven, the first of which holds one bit. */
function double(value: number): Buffer {
  const plain = Buffer.alloc(8);
  plain.writeDoubleBE(value);
  let bits = plain.readBigUInt64BE();
  const groups = Buffer.alloc(10);
  for (let at = 9; at >= 0; at--) {
    groups[at] = Number(bits & 0x7fn);
    bits >>= 7n;
  }
  return groups;
}

function writeInteger(chunks: Buffer[], value: bigint): void {
  const fits = (bits: number): boolean => BigInt.asIntN(bits, value) === value;
  if (!fits(64)) {
    // Wider integers are rare in OpenSearch: their text keeps every digit.
    writeText(chunks, String(value));
    return;
  }
  const zigzag = value >= 0n ? value << 1n : (-value << 1n) - 1n;
  if (value >= -16n && value <= 15n) chunks.push(Buffer.from([0xc0 + Number(zigzag)]));
  else chunks.push(Buffer.from([fits(32) ? 0x24 : 0x25]), groupsOf(zigzag));
}

/** The last group has six bits and the highest bit set; those before it have seven. */
function groupsOf(value: bigint): Buffer {
  const groups = [0x80 | Number(value & 0x3fn)];
  for (let rest = value >> 6n; rest > 0n; rest >>= 7n) groups.unshift(Number(rest & 0x7fn));
  return Buffer.from(groups);
}
