import { DecodeError, TransportError, UsageError } from '../error/transport-error.ts';
import { StreamInput, type StreamInputOptions } from '../wire/stream-input.ts';
import { StreamOutput, type StreamOutputOptions } from '../wire/stream-output.ts';
import type { Schema } from './schema.ts';

/**
 * How one value stands in a stream. Codecs are values, built from others by combinators. `Out` is what reading gives, complete; `In` is what
 * writing takes, where fields with a default may be left out.
 *
 * @memory `read` borrows the stream's bytes: what it returns owns its own, unless its codec says otherwise
 */
export interface Codec<Out, In = Out> {
  readonly schema: Schema;
  /** True when a struct's field of this codec may be left out on the way in. */
  readonly sparse?: boolean;
  /** True when equal values are written as equal bytes in one version: a struct then encodes what is left out only once. */
  readonly steady?: boolean;
  /** True when the value ends with a stream: it is sent and received piece by piece. */
  readonly streaming?: boolean;
  /** @throws ERR_DECODE with offset and path */
  readonly read: (input: StreamInput) => Out;
  /** @throws ERR_USAGE when the value is none of this codec's */
  readonly write: (output: StreamOutput, value: In) => void;
}

/** Some codec. */
export type AnyCodec = Codec<unknown, never>;

/** What reading with a codec gives. */
export type OutOf<C extends AnyCodec> = C extends Codec<infer Out, never> ? Out : never;

/** What writing with a codec takes. */
export type InOf<C extends AnyCodec> = C extends { readonly write: (output: StreamOutput, value: infer In) => void } ? In : never;

/**
 * Encodes one value.
 *
 * @returns the bytes. @memory owned
 * @throws ERR_USAGE when the value does not fit the codec
 */
export function encode<In>(codec: Codec<unknown, In>, value: In, options: StreamOutputOptions = {}): Buffer {
  const output = new StreamOutput(options);
  codec.write(output, value);
  return output.toBuffer();
}

/**
 * Decodes one value that takes all of the bytes.
 *
 * @param bytes borrowed
 * @throws ERR_DECODE when the bytes are malformed, too few or too many
 */
export function decode<Out>(codec: Codec<Out, never>, bytes: Uint8Array, options: StreamInputOptions = {}): Out {
  const input = new StreamInput(bytes, options);
  const value = codec.read(input);
  input.expectEnd('value');
  return value;
}

/** The same error with one more name in front of its path. Foreign errors (a stack that is too deep) become ERR_DECODE. */
export function underPath(error: unknown, name: string): unknown {
  if (error instanceof DecodeError) {
    const details = error.offset === undefined ? {} : { offset: error.offset };
    return new DecodeError(error.code as 'ERR_DECODE', { ...details, path: [name, ...error.path], cause: error.cause }, error.message);
  }
  if (error instanceof TransportError) return error;
  return new DecodeError('ERR_DECODE', { path: [name], cause: error }, error instanceof Error ? error.message : String(error));
}

/** ERR_USAGE with the name of the field that held the value. */
export function underField(error: unknown, name: string): unknown {
  if (!(error instanceof TransportError)) {
    const text = error instanceof Error ? error.message : String(error);
    return new UsageError('ERR_USAGE', { cause: error }, `${name}: ${text}`);
  }
  if (error.code !== 'ERR_USAGE') return error;
  return new UsageError('ERR_USAGE', { cause: error.cause }, `${name}${/^[\w[\].]+: /.test(error.message) ? '.' : ': '}${error.message}`);
}
