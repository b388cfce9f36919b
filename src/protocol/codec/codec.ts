import { growing } from '../error/growing-path.ts';
import { reasonOf } from '../error/reason-of.ts';
import { DecodeError, TransportError, UsageError } from '../error/transport-error.ts';
import { StreamInput, type StreamInputOptions } from '../wire/stream-input.ts';
import { StreamOutput, type StreamOutputOptions } from '../wire/stream-output.ts';
import type { Schema } from './schema.ts';

/**
 * Reads and writes one kind of value. Codecs are built from other codecs by combinators. `Out` is the complete value that reading returns; `In` is
 * the value that writing takes, where fields with a default may be left out.
 *
 * @memory `read` borrows the stream's bytes; the value it returns owns its bytes unless the codec says otherwise
 */
export interface Codec<Out, In = Out> {
  readonly schema: Schema;
  /** True when the writer may leave out a struct's field of this codec. */
  readonly canOmit?: boolean;
  /** True when equal values give equal bytes in one version. A struct then encodes omitted fields only once. */
  readonly isDeterministic?: boolean;
  /** True when the value ends with a stream, which is sent and received in chunks. */
  readonly hasStream?: boolean;
  /** Returns the source of the stream in a value, so that a source that is not sent can be closed. Required with {@link hasStream}. */
  readonly sourceIn?: SourceIn | undefined;
  /** @throws ERR_DECODE with offset and path */
  readonly read: (input: StreamInput) => Out;
  /** @throws ERR_USAGE if the value does not match this codec's type */
  readonly write: (output: StreamOutput, value: In) => void;
}

/** Finds the source of a stream in a value of the codec it belongs to. */
export type SourceIn = (value: unknown) => unknown;

/** A codec of any type. */
export type AnyCodec = Codec<unknown, never>;

/** The type that reading with a codec returns. */
export type OutOf<C extends AnyCodec> = C extends Codec<infer Out, never> ? Out : never;

/** The type that writing with a codec takes. */
export type InOf<C extends AnyCodec> = C extends { readonly write: (output: StreamOutput, value: infer In) => void } ? In : never;

/**
 * Encodes one value.
 *
 * @returns the bytes. @memory owned
 * @throws ERR_USAGE if the value does not match the codec's type
 */
export function encode<In>(codec: Codec<unknown, In>, value: In, options: StreamOutputOptions = {}): Buffer {
  const output = new StreamOutput(options);
  codec.write(output, value);
  return output.toBuffer();
}

/**
 * Decodes one value that takes up all of the bytes.
 *
 * @param bytes borrowed
 * @throws ERR_DECODE if the bytes are malformed, too few or too many
 */
export function decode<Out>(codec: Codec<Out, never>, bytes: Uint8Array, options: StreamInputOptions = {}): Out {
  const input = new StreamInput(bytes, options);
  const value = codec.read(input);
  input.expectEnd('value');
  return value;
}

/** Returns the error with one more name in front of its path. Errors of other kinds, such as a stack overflow, become ERR_DECODE. */
export function underPath(error: unknown, name: string): unknown {
  if (error instanceof DecodeError) {
    if (growing.has(error)) {
      (error.path as string[]).unshift(name);
      return error;
    }
    const details = error.offset === undefined ? {} : { offset: error.offset };
    const grown = new DecodeError(
      error.code as 'ERR_DECODE',
      { ...details, path: [name, ...error.path], cause: error.cause },
      error.message,
    );
    growing.add(grown);
    return grown;
  }
  if (error instanceof TransportError) return error;
  return new DecodeError('ERR_DECODE', { path: [name], cause: error }, reasonOf(error));
}

/** Returns the error with the name of the field that held the value in front of its message. */
export function underField(error: unknown, name: string): unknown {
  if (!(error instanceof TransportError)) {
    return new UsageError('ERR_USAGE', { cause: error }, `${name}: ${reasonOf(error)}`);
  }
  if (error.code !== 'ERR_USAGE') return error;
  return new UsageError('ERR_USAGE', { cause: error.cause }, `${name}${joint(error.message)}${error.message}`);
}

/** What stands between a field's name and a message that may begin with a path. */
function joint(message: string): string {
  if (!/^[\w[\].]+: /.test(message)) return ': ';
  return message.startsWith('[') ? '' : '.';
}
