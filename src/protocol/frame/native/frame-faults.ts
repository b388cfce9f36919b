import { reasonOf } from '../../error/reason-of.ts';
import { FrameError } from '../../error/transport-error.ts';
import { FIXED_HEADER_BYTES, MIN_LENGTH } from './fixed-header.ts';

/** Where a broken frame begins: bytes since the connection opened, and its first bytes in hex. */
export interface FramePlace {
  readonly offset: number;
  readonly head: string;
}

/** The first bytes of a frame, as far as they are there, in hex. */
export function headOf(bytes: Buffer): string {
  return bytes.subarray(0, FIXED_HEADER_BYTES).toString('hex');
}

/** Error for an impossible length, in the words of a node. @see wire-format.md §1.3 */
export function badLength(place: FramePlace, found: number, limit: number): FrameError {
  if (found > limit) return frameTooLarge(place, found, limit);
  const smallest = found <= 0 ? '' : `, the smallest frame has ${MIN_LENGTH}`;
  return new FrameError('ERR_BAD_LENGTH', { ...place, found, limit }, `invalid data length: ${found}${smallest}`);
}

/** Error for a frame beyond the limit, in the words of a node. @see wire-format.md §1.3 */
export function frameTooLarge(place: FramePlace, found: number, limit: number): FrameError {
  const text = `transport content length received [${found} bytes] exceeded [${limit} bytes]`;
  return new FrameError('ERR_FRAME_TOO_LARGE', { ...place, found, limit }, text);
}

/** Error for a variable header that is too short, too long, or longer than its frame. */
export function badHeaderSize(place: FramePlace, found: number, limit: number): FrameError {
  return new FrameError('ERR_HEADER_SIZE', { ...place, found, limit }, `variable header of ${found} bytes, expected 2 to ${limit}`);
}

/** Error for a variable header that cannot be read. */
export function badHeader(place: FramePlace, cause: unknown): FrameError {
  return new FrameError('ERR_HEADER_SIZE', { ...place, cause }, `variable header: ${reasonOf(cause)}`);
}
