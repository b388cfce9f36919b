import type { Codec } from '../../protocol/codec/codec.ts';
import { DecodeError, TransportError } from '../../protocol/error/transport-error.ts';
import { StreamInput } from '../../protocol/wire/stream-input.ts';
import type { VersionId } from '../../protocol/wire/version.ts';
import { type DissectedField, FieldRecorder } from './field-recorder.ts';

/** Some bytes read with a codec, as far as they can be. */
export interface OffsetReading<T> {
  readonly fields: readonly DissectedField[];
  /** Undefined when it did not decode. */
  readonly value: T | undefined;
  readonly problem: TransportError | null;
  /** Bytes read. */
  readonly read: number;
}

/**
 * Reads a value and where each of its fields stands.
 *
 * @param base offset of the first byte, for the fields
 */
export function decodeWithOffsets<T>(codec: Codec<T, never>, bytes: Buffer, version: VersionId, base: number): OffsetReading<T> {
  const trace = new FieldRecorder(base);
  const input = new StreamInput(bytes, { version, trace });
  try {
    const value = codec.read(input);
    return { fields: trace.fields, value, problem: null, read: input.offset };
  } catch (error) {
    trace.breakOff(input.offset);
    return { fields: trace.fields, value: undefined, problem: asDecodeError(error), read: input.offset };
  }
}

function asDecodeError(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  return new DecodeError('ERR_DECODE', { cause: error }, error instanceof Error ? error.message : String(error));
}
