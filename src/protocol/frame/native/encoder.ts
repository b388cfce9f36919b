import { LimitError } from '../../error/transport-error.ts';
import { StreamOutput } from '../../wire/stream-output.ts';
import type { VersionId } from '../../wire/version.ts';
import { deflateBody } from './compression.ts';
import {
  FIXED_HEADER_BYTES,
  LENGTH_AT,
  MARKER,
  PREFIX_BYTES,
  REQUEST_ID_AT,
  STATUS_AT,
  VARIABLE_SIZE_AT,
  VERSION_AT,
} from './fixed-header.ts';
import { type VariableHeaderParts, writeVariableHeader } from './variable-header.ts';

/** Largest value of the length field. */
const MAX_LENGTH = 0x7fff_ffff;

/**
 * Returns the head of frames that share their variable header, for {@link beginFrame}.
 *
 * @memory owned
 */
export function frameHead(parts: VariableHeaderParts): Buffer {
  const output = new StreamOutput();
  beginFrameWith(output, parts);
  return output.toBuffer();
}

/** Begins a frame with a prepared head; the body follows, then {@link endFrame}. @param head from {@link frameHead} */
// hot: frame/encode
export function beginFrame(output: StreamOutput, head: Uint8Array): void {
  const at = output.reserve(head.length);
  output.buffer.set(head, at);
}

/** Begins a frame and writes its variable header; the body follows, then {@link endFrame}. */
// hot: frame/encode
export function beginFrameWith(output: StreamOutput, parts: VariableHeaderParts): void {
  output.reserve(FIXED_HEADER_BYTES);
  writeVariableHeader(output, parts);
  endHead(output);
}

/** Fills in the fields of the fixed header that are known at the end of the variable header. The frame must be the only one since the output's start. */
// hot: frame/encode
export function endHead(output: StreamOutput): void {
  const { view, start } = output;
  view.setInt16(start, MARKER);
  view.setInt32(start + VARIABLE_SIZE_AT, output.size - FIXED_HEADER_BYTES);
}

/**
 * Fills in the rest of the fixed header of a frame whose body is written. The frame must be the only one since the output's start.
 *
 * @throws ERR_MESSAGE_TOO_LARGE beyond `maxFrameBytes`; the output is back where the frame began
 */
// hot: frame/encode
export function endFrame(
  output: StreamOutput,
  idHigh: number,
  idLow: number,
  status: number,
  version: VersionId,
  maxFrameBytes: number,
): void {
  const length = output.size - PREFIX_BYTES;
  if (length > maxFrameBytes || length > MAX_LENGTH) throw tooLarge(output, length, maxFrameBytes);
  const { view, start } = output;
  view.setInt32(start + LENGTH_AT, length);
  view.setInt32(start + REQUEST_ID_AT, idHigh);
  view.setInt32(start + REQUEST_ID_AT + 4, idLow);
  view.setUint8(start + STATUS_AT, status);
  view.setInt32(start + VERSION_AT, version);
}

function tooLarge(output: StreamOutput, length: number, limit: number): LimitError {
  output.truncate(output.start);
  return new LimitError('ERR_MESSAGE_TOO_LARGE', {}, `message of ${length} bytes exceeds maxFrameBytes (${limit})`);
}

/** Returns how many bytes the headers of the frame begun take. */
export function headBytes(output: StreamOutput): number {
  return FIXED_HEADER_BYTES + output.view.getInt32(output.start + VARIABLE_SIZE_AT);
}

/** Compresses the body behind the variable header in place. @see wire-format.md §5 */
export function compressBody(output: StreamOutput): void {
  const bodyAt = headBytes(output);
  const compressed = deflateBody(output.toBuffer().subarray(bodyAt));
  output.dropReferences();
  output.truncate(output.start + bodyAt);
  output.writeBytes(compressed);
}

/**
 * Turns the frame just ended into one of a version before Elasticsearch 7.6, whose fixed header does not say how long the variable header is.
 *
 * @see wire-format.md §2
 */
export function dropVariableSize(output: StreamOutput): void {
  const { buffer, view, start, position } = output;
  buffer.copyWithin(start + VARIABLE_SIZE_AT, start + FIXED_HEADER_BYTES, position);
  output.truncate(position - (FIXED_HEADER_BYTES - VARIABLE_SIZE_AT));
  view.setInt32(start + LENGTH_AT, output.size - PREFIX_BYTES);
}
