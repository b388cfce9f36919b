import {
  COUNTED_HEADER_BYTES,
  FIXED_HEADER_BYTES,
  LENGTH_AT,
  MIN_LENGTH,
  PING_LENGTH,
  PREFIX_BYTES,
  STATUS_AT,
  VARIABLE_SIZE_AT,
  VERSION_AT,
} from '../../protocol/frame/native/fixed-header.ts';
import { DEFAULT_LIMITS } from '../../protocol/wire/limits.ts';
import { V_LEGACY_6_7_99, V_LEGACY_7_9_99, versionParts } from '../../protocol/wire/version.ts';

/** `ES` */
export const MARKER = Buffer.from('ES', 'latin1');

/** Bits of a status byte that are always 0. */
const UNUSED_STATUS_BITS = 0xf0;

/** Majors of OpenSearch that a frame may carry. */
const MAX_MAJOR = 9;

/**
 * Whether the bytes at a marker look like the header of a frame: a length, a status, a version and a header size that go together. Inside a body
 * the two letters alone mean nothing.
 *
 * @returns `more` when there are too few bytes to tell
 */
export function looksLikeFrame(bytes: Buffer, at: number): 'yes' | 'no' | 'more' {
  const available = bytes.length - at;
  if (available < PREFIX_BYTES) return 'more';
  const length = bytes.readInt32BE(at + LENGTH_AT);
  if (length === PING_LENGTH) return 'yes';
  if (length < MIN_LENGTH || length > DEFAULT_LIMITS.maxFrameBytes) return 'no';
  if (available < FIXED_HEADER_BYTES) return 'more';
  const variable = bytes.readInt32BE(at + VARIABLE_SIZE_AT);
  if (variable < 2 || variable > length - COUNTED_HEADER_BYTES || variable > DEFAULT_LIMITS.maxHeaderBytes) return 'no';
  if ((bytes.readUInt8(at + STATUS_AT) & UNUSED_STATUS_BITS) !== 0) return 'no';
  return isPlausibleVersion(bytes.readInt32BE(at + VERSION_AT)) ? 'yes' : 'no';
}

function isPlausibleVersion(id: number): boolean {
  if (id === V_LEGACY_7_9_99 || id === V_LEGACY_6_7_99) return true;
  const { legacy, major } = versionParts(id);
  return !legacy && major >= 1 && major <= MAX_MAJOR;
}
