import { constants as bufferConstants } from 'node:buffer';
import { constants, deflateRawSync, inflateRaw, inflateRawSync } from 'node:zlib';
import { reasonOf } from '../../error/reason-of.ts';
import { DecodeError, FrameError, type TransportError } from '../../error/transport-error.ts';

/** `DFL\0`, in front of every compressed body. @see wire-format.md §5 */
export const DEFLATE_MAGIC: Buffer = Buffer.from('44464c00', 'hex');

/** The empty final block that Java writes behind its sync flush. */
const FINAL_BLOCK = Buffer.from('0300', 'hex');

/** The level OpenSearch writes with. */
const LEVEL = 3;

/** Bodies that inflate to at most this many bytes are inflated at once; larger ones in the background, so that no peer can stall the process. */
export const SYNCHRONOUS_BYTES: number = 1024 * 1024;

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

/** The sync flush of an empty body: an empty stored block. */
const EMPTY_SYNC_FLUSH = Buffer.from('000000ffff', 'hex');

/** Called once with an inflated body, or with the reason why it does not inflate: a {@link FrameError} ends the channel, a {@link DecodeError} the call. */
export type Inflated = (error: TransportError | null, body: Buffer) => void;

/** Begins work in the background, now or in its turn. The work calls `over` at its end. */
export type InBackground = (work: (over: () => void) => void) => void;

const EMPTY = Buffer.alloc(0);

/**
 * Inflates a body, at once when the result is small, else in the background.
 *
 * @param body what followed the variable header of a frame with the compressed bit. @memory borrowed until `done`
 * @param maxBytes cap of the result
 * @param done called once, perhaps before this returns. @memory its body is owned
 * @param inBackground decides when a large body has its turn. @default now
 * @throws nothing. ERR_COMPRESSION (wrong magic, corrupt stream), ERR_DECODE (the stream breaks off) and ERR_PAYLOAD_LIMIT (a bomb) go to `done`
 * @see wire-format.md §5
 */
export function inflateBody(body: Buffer, maxBytes: number, done: Inflated, inBackground: InBackground = now): void {
  const problem = checkMagic(body);
  if (problem !== null) return done(problem, EMPTY);
  if (body.length <= DEFLATE_MAGIC.length) return done(null, EMPTY);
  const stream = body.subarray(DEFLATE_MAGIC.length);
  let inflated: Buffer;
  try {
    inflated = inflateRawSync(stream, { maxOutputLength: outputCap(Math.min(maxBytes, SYNCHRONOUS_BYTES)) });
  } catch (error) {
    if (!isTooLarge(error) || maxBytes <= SYNCHRONOUS_BYTES) return done(inflateFailure(error, maxBytes), EMPTY);
    inBackground((over) =>
      inflateRaw(stream, { maxOutputLength: outputCap(maxBytes) }, (failure, result) => {
        over();
        if (failure === null) done(null, result);
        else done(inflateFailure(failure, maxBytes), EMPTY);
      }),
    );
    return;
  }
  done(null, inflated);
}

/**
 * Inflates a body at once, whatever its size: for tools, not for channels.
 *
 * @throws ERR_COMPRESSION, ERR_DECODE, ERR_PAYLOAD_LIMIT
 */
export function inflateBodySync(body: Buffer, maxBytes: number): Buffer {
  const problem = checkMagic(body);
  if (problem !== null) throw problem;
  if (body.length <= DEFLATE_MAGIC.length) return EMPTY;
  try {
    return inflateRawSync(body.subarray(DEFLATE_MAGIC.length), { maxOutputLength: outputCap(maxBytes) });
  } catch (error) {
    throw inflateFailure(error, maxBytes);
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

function now(work: (over: () => void) => void): void {
  work(() => undefined);
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
function inflateFailure(cause: unknown, maxBytes: number): TransportError {
  if (isTooLarge(cause)) return new DecodeError('ERR_PAYLOAD_LIMIT', {}, `body inflates to more than ${maxBytes} bytes (maxInflatedBytes)`);
  const text = `Exception while inflating bytes: ${reasonOf(cause)}`;
  return codeOf(cause) === 'Z_BUF_ERROR'
    ? new DecodeError('ERR_DECODE', { cause }, text)
    : new FrameError('ERR_COMPRESSION', { cause }, text);
}
