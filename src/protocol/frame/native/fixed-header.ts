/** Bytes of the marker and the length field, which the length does not count. @see wire-format.md §1.1 */
export const PREFIX_BYTES = 6;

/** Marker, length, request id, status, version, variable header size. @see wire-format.md §2 */
export const FIXED_HEADER_BYTES = 23;

/** Bytes of the fixed header that the length field counts. */
export const COUNTED_HEADER_BYTES = FIXED_HEADER_BYTES - PREFIX_BYTES;

/** The smallest legal length: a response with two empty maps and no body. */
export const MIN_LENGTH = COUNTED_HEADER_BYTES + 2;

/** The length that makes a frame a ping. @see wire-format.md §1.2 */
export const PING_LENGTH = -1;

/** `ES` */
export const MARKER = 0x4553;

// Offsets in the fixed header. Separate constants: a function that looks them up in an object grows too large to be inlined.
export const LENGTH_AT = 2;
export const REQUEST_ID_AT = 6;
export const STATUS_AT = 14;
export const VERSION_AT = 15;
export const VARIABLE_SIZE_AT = 19;

/** Status bits. Bits 4–7 are never set and ignored by readers. @see wire-format.md §2 */
export const STATUS = { response: 0x01, error: 0x02, compressed: 0x04, handshake: 0x08 } as const;

/** The six bytes of a ping. */
export const PING: Buffer = Buffer.from('4553ffffffff', 'hex');

const TWO_32 = 0x1_0000_0000;
const MAX_INT = 0x7fff_ffff;

/** Returns the high 32 bits of an id up to 2⁵³. A division alone would make every result a float. */
export function highWord(id: number): number {
  return id >= 0 && id <= MAX_INT ? 0 : Math.floor(id / TWO_32);
}

/** Returns a request id from its signed halves; NaN beyond 2⁵³. */
export function wideId(high: number, low: number): number {
  return high >= 0x20_0000 || high < -0x20_0000 ? Number.NaN : high * TWO_32 + (low >>> 0);
}
