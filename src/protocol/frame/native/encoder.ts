import { LimitError } from '../../error/transport-error.ts';
import type { StreamOutput } from '../../wire/stream-output.ts';
import type { VersionId } from '../../wire/version.ts';
import { deflateBody } from './compression.ts';
import { AT, FIXED_HEADER_BYTES, MARKER, PREFIX_BYTES } from './fixed-header.ts';
import { type VariableHeaderParts, writeVariableHeader } from './variable-header.ts';

/** Highest number the length field can hold. */
const MAX_LENGTH = 0x7fff_ffff;

/** Makes room for a fixed header and copies the variable header behind it; the body follows, then {@link endFrame}. */
// hot: frame/encode
export function beginFrame(output: StreamOutput, variableHeader: Uint8Array): void {
  const at = output.reserve(FIXED_HEADER_BYTES + variableHeader.length);
  output.buffer.set(variableHeader, at + FIXED_HEADER_BYTES);
}

/**
 * Makes room for a fixed header and writes a variable header behind it; the body follows, then {@link endFrame}.
 *
 * @returns bytes of the variable header
 */
// hot: frame/encode
export function beginFrameWith(output: StreamOutput, parts: VariableHeaderParts): number {
  output.reserve(FIXED_HEADER_BYTES);
  writeVariableHeader(output, parts);
  return output.size - FIXED_HEADER_BYTES;
}

/**
 * Fills in the fixed header of a frame whose body is written. The frame must be the only one since the output's start.
 *
 * @throws ERR_MESSAGE_TOO_LARGE beyond `maxFrameBytes`; the output is back where the frame began
 */
// hot: frame/encode
export function endFrame(
  output: StreamOutput,
  variableSize: number,
  idHigh: number,
  idLow: number,
  status: number,
  version: VersionId,
  maxFrameBytes: number,
): void {
  const length = output.size - PREFIX_BYTES;
  if (length > maxFrameBytes || length > MAX_LENGTH) throw tooLarge(output, length, maxFrameBytes);
  const at = output.start;
  const { view } = output;
  view.setInt16(at, MARKER);
  view.setInt32(at + AT.length, length);
  view.setInt32(at + AT.requestId, idHigh);
  view.setInt32(at + AT.requestId + 4, idLow);
  view.setUint8(at + AT.status, status);
  view.setInt32(at + AT.version, version);
  view.setInt32(at + AT.variableSize, variableSize);
}

function tooLarge(output: StreamOutput, length: number, limit: number): LimitError {
  output.truncate(output.start);
  return new LimitError('ERR_MESSAGE_TOO_LARGE', {}, `message of ${length} bytes, the limit is ${limit} (maxFrameBytes)`);
}

/** Replaces the body behind the variable header by its compressed form. @see wire-format.md §5 */
export function compressBody(output: StreamOutput, variableSize: number): void {
  const bodyAt = FIXED_HEADER_BYTES + variableSize;
  const compressed = deflateBody(output.toBuffer().subarray(bodyAt));
  output.dropReferences();
  output.truncate(output.start + bodyAt);
  output.writeBytes(compressed);
}
