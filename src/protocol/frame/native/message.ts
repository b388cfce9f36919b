import { DEFAULT_LIMITS, type WireLimits } from '../../wire/limits.ts';
import { StreamOutput } from '../../wire/stream-output.ts';
import type { VersionId } from '../../wire/version.ts';
import { inflateBodySync } from './compression.ts';
import { DECODED, NativeDecoder } from './decoder.ts';
import { beginFrameWith, compressBody, endFrame } from './encoder.ts';
import { STATUS } from './fixed-header.ts';
import { type RequestHeaders, type ResponseHeaders, type VariableHeader } from './variable-header.ts';

/** One message, whole: for tools and tests. Channels work with the decoder itself. */
export interface Message {
  readonly request: boolean;
  readonly requestId: bigint;
  /** Stream version. */
  readonly version: VersionId;
  readonly handshake: boolean;
  readonly compressed: boolean;
  readonly error: boolean;
  readonly requestHeaders: RequestHeaders;
  readonly responseHeaders: ResponseHeaders;
  /** Empty in responses. */
  readonly features: readonly string[];
  /** Empty in responses. */
  readonly action: string;
  /** After inflating. @memory owned */
  readonly body: Buffer;
}

/** A message on the way out: what is left out is empty or false. */
export type MessageInit = Pick<Message, 'request' | 'requestId' | 'version'> &
  Partial<Omit<Message, 'body'>> & { readonly body?: Uint8Array };

/**
 * Writes one message as a frame.
 *
 * @returns the bytes. @memory owned
 * @throws ERR_MESSAGE_TOO_LARGE, ERR_USAGE
 */
export function encodeMessage(message: MessageInit, limits: WireLimits = DEFAULT_LIMITS): Buffer {
  const { action = '', ...parts } = message;
  const output = new StreamOutput({ version: message.version });
  beginFrameWith(output, message.request ? { ...parts, action } : parts);
  if (message.body !== undefined) output.writeBytes(message.body);
  if (message.compressed === true) compressBody(output);
  const id = BigInt.asUintN(64, message.requestId);
  endFrame(output, Number(id >> 32n), Number(id & 0xffff_ffffn), statusOf(message), message.version, limits.maxFrameBytes);
  return output.toBuffer();
}

function statusOf(message: MessageInit): number {
  return (
    (message.request ? 0 : STATUS.response) |
    (message.error === true ? STATUS.error : 0) |
    (message.compressed === true ? STATUS.compressed : 0) |
    (message.handshake === true ? STATUS.handshake : 0)
  );
}

/** Reads whole messages from a stream of bytes, however it is cut. */
export class MessageReader {
  readonly #decoder: NativeDecoder;
  readonly #limits: WireLimits;

  constructor(limits: WireLimits = DEFAULT_LIMITS) {
    this.#limits = limits;
    this.#decoder = new NativeDecoder({ limits });
  }

  /** Bytes pushed that belong to no finished frame yet. */
  get unread(): number {
    return this.#decoder.unread;
  }

  /** Bytes of finished frames so far. */
  get consumed(): number {
    return this.#decoder.consumed;
  }

  /**
   * The messages and pings that these bytes complete, in order.
   *
   * @throws what the decoder throws, and ERR_COMPRESSION, ERR_PAYLOAD_LIMIT
   */
  *push(chunk: Buffer): Generator<Message | 'ping'> {
    const decoder = this.#decoder;
    decoder.push(chunk);
    for (let found = decoder.next(); found !== DECODED.needMore; found = decoder.next()) {
      if (found === DECODED.ping) yield 'ping';
      else if (found === DECODED.body) yield this.#message(decoder);
    }
  }

  #message(decoder: NativeDecoder): Message {
    const { status, variable } = decoder;
    const compressed = (status & STATUS.compressed) !== 0;
    const raw = decoder.body.subarray(decoder.bodyStart, decoder.bodyEnd);
    return {
      request: (status & STATUS.response) === 0,
      requestId: (BigInt(decoder.idHigh) << 32n) | BigInt(decoder.idLow >>> 0),
      version: decoder.version,
      handshake: (status & STATUS.handshake) !== 0,
      compressed,
      error: (status & STATUS.error) !== 0,
      ...headersOf(variable),
      body: compressed ? inflateBodySync(raw, this.#limits.maxInflatedBytes) : Buffer.from(raw),
    };
  }
}

function headersOf({ requestHeaders, responseHeaders, features, action }: VariableHeader) {
  return { requestHeaders, responseHeaders, features, action };
}
