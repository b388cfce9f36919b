import { constants as bufferConstants } from 'node:buffer';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { reasonOf } from '../../error/reason-of.ts';
import { DecodeError, FrameError, TransportError } from '../../error/transport-error.ts';
import { UNRATED_INFLATED_BYTES, type WireLimits } from '../../wire/limits.ts';
import { type BackgroundWork, Deflation, Inflation, type InflationEnd } from './background-work.ts';

/** `DFL\0`, in front of every compressed body. @see wire-format.md §5 */
export const DEFLATE_MAGIC: Buffer = Buffer.from('44464c00', 'hex');

/** The empty final block that Java writes behind its sync flush. */
const FINAL_BLOCK = Buffer.from('0300', 'hex');

/** The level OpenSearch writes with. */
const LEVEL = 3;

/** Bodies that inflate to at most this many bytes are inflated at once: that takes less time than to hand them to another thread. */
export const INFLATED_AT_ONCE_BYTES: number = 16 * 1024;

/** Longer compressed bodies are not even tried at once: most of them inflate to more. */
const TRIED_BYTES = INFLATED_AT_ONCE_BYTES / 4;

/**
 * Compresses a body as Java does: a sync flush, then an empty final block. A genuine node inflates page by page and stops when its input is used
 * up, so it loses the tail of a stream that ends otherwise.
 *
 * @memory owned
 * @see wire-format.md §5
 */
export function deflateBody(body: Uint8Array): Buffer {
  const blocks = body.length === 0 ? EMPTY_SYNC_FLUSH : deflateRawSync(body, { level: LEVEL, finishFlush: constants.Z_SYNC_FLUSH });
  return Buffer.concat([DEFLATE_MAGIC, blocks, FINAL_BLOCK]);
}

/**
 * Compresses a body of one byte or more in the background, as {@link deflateBody} does.
 *
 * @param parts the body, in order. @memory borrowed until `done`
 * @param done called once with the compressed body in pieces; with null if the work was stopped or cannot be done. @memory the pieces are owned
 */
export function deflation(parts: readonly Uint8Array[], done: (pieces: readonly Buffer[] | null) => void): BackgroundWork {
  return new Deflation(parts, LEVEL, (pieces) => done(pieces === null ? null : [DEFLATE_MAGIC, ...pieces, FINAL_BLOCK]));
}

/** The sync flush of an empty body: an empty stored block. */
const EMPTY_SYNC_FLUSH = Buffer.from('000000ffff', 'hex');

/** Called once with an inflated body, or with the reason why it does not inflate: a {@link FrameError} ends the channel, a {@link DecodeError} the call. */
export type Inflated = (error: TransportError | null, body: Buffer) => void;

/** Begins work in the background, now or in its turn. */
export type InBackground = (work: BackgroundWork) => void;

/** How far a body may inflate. */
export interface InflationLimits extends Pick<WireLimits, 'maxInflatedBytes' | 'maxInflationRatio'> {
  /** Bodies that inflate to at most so many bytes are inflated at once; 0 inflates all of them in the background. @default 16_384 (16 KiB) */
  readonly atOnceBytes?: number;
}

const EMPTY = Buffer.alloc(0);

/**
 * Inflates a body, at once when the result is small, else in the background.
 *
 * @param body what followed the variable header of a frame with the compressed bit. @memory borrowed until `done`
 * @param limits how far it may inflate
 * @param done called once, perhaps before this returns. @memory its body is owned
 * @param inBackground decides when a large body has its turn. @default now
 * @throws nothing. ERR_COMPRESSION (wrong magic, corrupt stream), ERR_DECODE (the stream breaks off) and ERR_PAYLOAD_LIMIT (a bomb) go to `done`
 * @see wire-format.md §5
 */
export function inflateBody(body: Buffer, limits: InflationLimits, done: Inflated, inBackground: InBackground = now): void {
  const problem = checkMagic(body);
  if (problem !== null) return done(problem, EMPTY);
  if (body.length <= DEFLATE_MAGIC.length) return done(null, EMPTY);
  const stream = body.subarray(DEFLATE_MAGIC.length);
  const most = mostInflatedBytes(body.length, limits);
  const atOnce = Math.min(most, limits.atOnceBytes ?? INFLATED_AT_ONCE_BYTES);
  if (atOnce > 0 && stream.length <= TRIED_BYTES) {
    let inflated: Buffer | null = null;
    try {
      inflated = inflateRawSync(stream, { maxOutputLength: atOnce });
    } catch (error) {
      if (!isTooLarge(error) || most <= atOnce) return done(inflateFailure(error, body.length, limits), EMPTY);
    }
    if (inflated !== null) return done(null, inflated);
  }
  const onEnd = (result: InflationEnd): void => {
    if (result.end === 'inflated') done(null, result.body);
    else if (result.end === 'failed') done(inflateFailure(result.error, body.length, limits), EMPTY);
    else if (result.end === 'too large') done(tooLarge(body.length, limits), EMPTY);
    else done(new TransportError('ERR_CLOSED', {}, 'inflating was stopped: the connection is over'), EMPTY);
  };
  inBackground(new Inflation(stream, most, onEnd));
}

/** Returns how many bytes a compressed body of this length may inflate to. */
function mostInflatedBytes(bodyBytes: number, { maxInflatedBytes, maxInflationRatio }: InflationLimits): number {
  return outputCap(Math.min(maxInflatedBytes, Math.max(maxInflationRatio * bodyBytes, UNRATED_INFLATED_BYTES)));
}

/**
 * Inflates a body at once, whatever its size: for tools, not for channels.
 *
 * @throws ERR_COMPRESSION, ERR_DECODE, ERR_PAYLOAD_LIMIT
 */
export function inflateBodySync(body: Buffer, maxBytes: number): Buffer {
  const limits = { maxInflatedBytes: maxBytes, maxInflationRatio: Number.POSITIVE_INFINITY };
  const problem = checkMagic(body);
  if (problem !== null) throw problem;
  if (body.length <= DEFLATE_MAGIC.length) return EMPTY;
  try {
    return inflateRawSync(body.subarray(DEFLATE_MAGIC.length), { maxOutputLength: outputCap(maxBytes) });
  } catch (error) {
    throw inflateFailure(error, body.length, limits);
  }
}

/** An empty body, and one of the magic alone, count as empty, as on nodes; 1 to 3 bytes are an error. */
function checkMagic(body: Buffer): FrameError | null {
  if (body.length === 0 || body.subarray(0, DEFLATE_MAGIC.length).equals(DEFLATE_MAGIC)) return null;
  const bytes = [...body.subarray(0, 10)].map((byte) => (byte << 24) >> 24);
  const text =
    `stream marked as compressed, but no compressor found, first [${bytes.length}] content bytes out of [${body.length}] readable bytes ` +
    `with message size [${body.length}] ] are [${bytes.map((byte) => `${byte},`).join('')}]`;
  return new FrameError('ERR_COMPRESSION', { head: body.subarray(0, 23).toString('hex') }, text);
}

function now(work: BackgroundWork): void {
  work.begin(
    () => undefined,
    () => undefined,
  );
}

/** Returns a cap that zlib accepts: it refuses 0, and more than a buffer can hold. */
function outputCap(maxBytes: number): number {
  return Math.min(Math.max(maxBytes, 1), bufferConstants.MAX_LENGTH);
}

function isTooLarge(error: unknown): boolean {
  return codeOf(error) === 'ERR_BUFFER_TOO_LARGE';
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | null)?.code;
}

/** A stream that breaks off fails its call only, as on a node; bytes that are not DEFLATE end the channel. @see wire-format.md §5 */
function inflateFailure(cause: unknown, bodyBytes: number, limits: InflationLimits): TransportError {
  if (isTooLarge(cause)) return tooLarge(bodyBytes, limits);
  const text = `Exception while inflating bytes: ${reasonOf(cause)}`;
  return codeOf(cause) === 'Z_BUF_ERROR'
    ? new DecodeError('ERR_DECODE', { cause }, text)
    : new FrameError('ERR_COMPRESSION', { cause }, text);
}

/** Names the limit that the body has reached. */
function tooLarge(bodyBytes: number, limits: InflationLimits): DecodeError {
  const { maxInflatedBytes, maxInflationRatio } = limits;
  const most = mostInflatedBytes(bodyBytes, limits);
  const text =
    most === outputCap(maxInflatedBytes)
      ? `body inflates to more than ${maxInflatedBytes} bytes (maxInflatedBytes)`
      : `compressed body of ${bodyBytes} bytes inflates to more than ${most} bytes, and to more than ${maxInflationRatio} times its size (maxInflationRatio)`;
  return new DecodeError('ERR_PAYLOAD_LIMIT', {}, text);
}
