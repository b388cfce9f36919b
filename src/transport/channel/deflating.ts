import { deflation } from '../../protocol/frame/native/compression.ts';
import { beginFrame, compressBody, endFrame, headBytes } from '../../protocol/frame/native/encoder.ts';
import { STATUS } from '../../protocol/frame/native/fixed-header.ts';
import { UNRATED_INFLATED_BYTES, type WireLimits } from '../../protocol/wire/limits.ts';
import type { StreamOutput } from '../../protocol/wire/stream-output.ts';
import type { VersionId } from '../../protocol/wire/version.ts';
import { background, type WorkOwner } from './background-queue.ts';
import type { Writer } from './writer.ts';

/** Bodies of up to so many bytes are deflated at once: that takes about as long as to hand them to another thread. */
const DEFLATED_AT_ONCE_BYTES = 16 * 1024;

/** What becomes of a body that should be compressed: it is, it will be, or it is sent as it is. */
export type Deflating = 'deflated' | 'later' | 'plain';

/** A frame that was encoded and waits for its body to be deflated. */
export interface HeldFrame {
  /** As {@link beginFrame} takes it. */
  readonly head: Uint8Array;
  /** The parts of the body in order. */
  readonly body: readonly Uint8Array[];
  /** What is sent of them: the same parts, or the pieces of the compressed body. */
  sent: readonly Uint8Array[];
}

/**
 * Compresses the body of the frame just encoded if it is small. That a message should be compressed is a wish: large bodies are sent as they are while
 * many wait. Else an answer is compressed exactly when its request was, as a node does it.
 */
export function deflateIfSmall(output: StreamOutput, { maxFrameBytes }: WireLimits): Deflating {
  const bytes = output.size - headBytes(output);
  if (bytes > DEFLATED_AT_ONCE_BYTES) return background.hasRoomFor(bytes) || bytes > maxFrameBytes ? 'later' : 'plain';
  compressBody(output);
  return 'deflated';
}

/**
 * Takes the frame just encoded out of its writer and deflates its body in the thread pool.
 *
 * @param output of the writer
 * @param done called once with the frame, also when the channel ends meanwhile
 */
export function deflateLater(
  owner: WorkOwner,
  writer: Writer,
  limits: WireLimits,
  output: StreamOutput,
  done: (frame: HeldFrame) => void,
): void {
  const bodyAt = headBytes(output);
  const [first, ...rest] = writer.detach() as [Uint8Array, ...Uint8Array[]];
  const body = [first.subarray(bodyAt), ...rest];
  const frame: HeldFrame = { head: first.subarray(0, bodyAt), body, sent: body };
  const work = deflation(body, (pieces) => {
    if (pieces !== null && isTaken(sizeOf(pieces), sizeOf(body), limits)) frame.sent = pieces;
    done(frame);
  });
  background.enter(owner, work);
}

/** A peer with our limits refuses what inflates to too many times its size, so that is sent as it is. */
function isTaken(deflatedBytes: number, bytes: number, { maxFrameBytes, maxInflationRatio }: WireLimits): boolean {
  return bytes > maxFrameBytes || bytes <= Math.max(UNRATED_INFLATED_BYTES, maxInflationRatio * deflatedBytes);
}

/**
 * Writes a frame whose body was deflated, to its end.
 *
 * @param status bits besides the compressed one
 * @throws ERR_MESSAGE_TOO_LARGE, as {@link endFrame}
 */
export function writeHeld(
  output: StreamOutput,
  { head, body, sent }: HeldFrame,
  idHigh: number,
  idLow: number,
  status: number,
  version: VersionId,
  maxFrameBytes: number,
): void {
  beginFrame(output, head);
  for (const part of sent) output.writeBytes(part);
  endFrame(output, idHigh, idLow, sent === body ? status : status | STATUS.compressed, version, maxFrameBytes);
}

function sizeOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}
