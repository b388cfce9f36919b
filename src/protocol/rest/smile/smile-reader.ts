import { checkLevel, checkMember, MAX_INTEGER_BYTES } from '../parsed-body.ts';
import { parseFailure } from '../refusals.ts';
import { integerOf, readSevenBit } from './seven-bit.ts';

const HEADER = [0x3a, 0x29, 0x0a] as const;
const SHARES_NAMES = 0x01;
const SHARES_VALUES = 0x02;
const END_OF_ARRAY = 0xf9;
const END_OF_OBJECT = 0xfb;
const END_OF_TEXT = 0xfc;

/** Names or values that later ones may refer to, and the longest text in bytes that is shared. */
const MAX_SHARED = 1_024;

/**
 * Reads a SMILE document. Integers that a number cannot hold become bigints; bytes become Buffers of their own.
 *
 * @throws StatusError 400 for bytes that are not SMILE, for a body of too many levels, and for a member named `__proto__`
 * @see https://github.com/FasterXML/smile-format-specification
 */
export function readSmile(bytes: Uint8Array): unknown {
  return new SmileReader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).document();
}

class SmileReader {
  readonly #bytes: Buffer;
  #at = 0;
  #names: string[] | null = null;
  #values: string[] | null = null;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  document(): unknown {
    for (const byte of HEADER) if (this.#byte() !== byte) throw invalid('it does not begin with a SMILE header');
    const flags = this.#byte();
    if (flags >> 4 !== 0) throw invalid(`its version is ${flags >> 4}, expected 0`);
    if ((flags & SHARES_NAMES) !== 0) this.#names = [];
    if ((flags & SHARES_VALUES) !== 0) this.#values = [];
    const value = this.#value(this.#byte(), 0);
    if (this.#at < this.#bytes.length && this.#bytes[this.#at] !== 0xff) throw invalid('it has bytes behind its value');
    return value;
  }

  #value(token: number, level: number): unknown {
    const low = token & 0x1f;
    switch (token >> 5) {
      case 0:
        return shared(this.#values, low - 1);
      case 1:
        return this.#simple(token);
      case 2:
        return share(this.#values, this.#text(low + 1));
      case 3:
        return share(this.#values, this.#text(low + 33));
      case 4:
        return share(this.#values, this.#text(low + 2));
      case 5:
        return share(this.#values, this.#text(low + 34));
      case 6:
        return (low >> 1) ^ -(low & 1);
      default:
        return this.#long(token, level);
    }
  }

  #simple(token: number): unknown {
    switch (token) {
      case 0x20:
        return '';
      case 0x21:
        return null;
      case 0x22:
        return false;
      case 0x23:
        return true;
      case 0x24:
      case 0x25:
        return this.#signed();
      case 0x26:
        return this.#bigInteger();
      case 0x28:
        return this.#float(4).readFloatBE();
      case 0x29:
        return this.#float(8).readDoubleBE();
      case 0x2a:
        return this.#decimal();
      default:
        throw unknownToken(token);
    }
  }

  #long(token: number, level: number): unknown {
    if (token >= 0xec && token <= 0xef) return shared(this.#values, ((token & 3) << 8) | this.#byte());
    switch (token) {
      case 0xe0:
      case 0xe4:
        return this.#longText();
      case 0xe8:
        return this.#binary();
      case 0xf8:
        return this.#array(level + 1);
      case 0xfa:
        return this.#object(level + 1);
      case 0xfd:
        return Buffer.from(this.#take(this.#length()));
      default:
        throw unknownToken(token);
    }
  }

  #array(level: number): unknown[] {
    checkLevel(level);
    const items: unknown[] = [];
    for (let token = this.#byte(); token !== END_OF_ARRAY; token = this.#byte()) items.push(this.#value(token, level));
    return items;
  }

  #object(level: number): Record<string, unknown> {
    checkLevel(level);
    const members: Record<string, unknown> = {};
    for (let token = this.#byte(); token !== END_OF_OBJECT; token = this.#byte()) {
      const name = this.#name(token);
      checkMember(name);
      members[name] = this.#value(this.#byte(), level);
    }
    return members;
  }

  #name(token: number): string {
    if (token === 0x20) return '';
    if (token >= 0x30 && token <= 0x33) return shared(this.#names, ((token & 3) << 8) | this.#byte());
    if (token === 0x34) return this.#longText();
    if (token >= 0x40 && token <= 0x7f) return shared(this.#names, token & 0x3f);
    if (token >= 0x80 && token <= 0xbf) return share(this.#names, this.#text((token & 0x3f) + 1));
    if (token >= 0xc0 && token <= 0xf7) return share(this.#names, this.#text((token & 0x3f) + 2));
    throw unknownToken(token);
  }

  #text(length: number): string {
    return this.#take(length).toString('utf8');
  }

  #longText(): string {
    const end = this.#bytes.indexOf(END_OF_TEXT, this.#at);
    if (end < 0) throw tooShort();
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end + 1;
    return text;
  }

  /** A variable-length integer: seven bits a byte, six in the last, which has its highest bit set. Signed by zig-zag. */
  #signed(): number | bigint {
    let value = 0n;
    for (let count = 0; count < 11; count++) {
      const byte = this.#byte();
      if (byte >= 0x80) {
        value = (value << 6n) | BigInt(byte & 0x3f);
        return integerOf((value >> 1n) ^ -(value & 1n));
      }
      value = (value << 7n) | BigInt(byte);
    }
    throw invalid('it has an integer of more than 11 bytes');
  }

  #length(): number {
    let value = 0;
    for (let count = 0; count < 5; count++) {
      const byte = this.#byte();
      if (byte >= 0x80) return value * 64 + (byte & 0x3f);
      value = value * 128 + byte;
    }
    throw invalid('it has a length of more than 5 bytes');
  }

  #binary(): Buffer {
    const length = this.#length();
    return readSevenBit(this.#take(Math.ceil((length * 8) / 7)), length);
  }

  #bigInteger(): number | bigint {
    const bytes = this.#binary();
    if (bytes.length > MAX_INTEGER_BYTES) throw invalid(`it has an integer of more than ${MAX_INTEGER_BYTES} bytes`);
    return integerOf(bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`)));
  }

  #decimal(): number {
    const scale = this.#signed();
    return Number(`${this.#bigInteger()}e${-scale}`);
  }

  /** A float of `size` bytes: seven bits a byte, the first byte has the rest. */
  #float(size: number): Buffer {
    let bits = 0n;
    for (const byte of this.#take(size === 4 ? 5 : 10)) bits = (bits << 7n) | BigInt(byte & 0x7f);
    const out = Buffer.alloc(8);
    out.writeBigUInt64BE(BigInt.asUintN(size * 8, bits));
    return out.subarray(8 - size);
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw tooShort();
    return byte;
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw tooShort();
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

function share(table: string[] | null, text: string): string {
  if (table === null || Buffer.byteLength(text) > 65) return text;
  if (table.length === MAX_SHARED) table.length = 0;
  table.push(text);
  return text;
}

function shared(table: string[] | null, at: number): string {
  const text = table?.[at];
  if (text === undefined) throw invalid(`it refers to the shared text ${at}, which it does not have`);
  return text;
}

const invalid = (why: string) => parseFailure(`the request body is not SMILE: ${why}`);
const tooShort = () => invalid('it ends too early');
const unknownToken = (token: number) => invalid(`it has the unknown token 0x${token.toString(16).padStart(2, '0')}`);
