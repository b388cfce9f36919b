import type { AnyCodec } from '../../protocol/codec/codec.ts';
import { salvagedException } from '../../protocol/codec/exception/exception.ts';
import type { ExceptionValue } from '../../protocol/codec/exception/exception-value.ts';
import { toForm } from '../../protocol/codec/json-form.ts';
import type { Schema } from '../../protocol/codec/schema.ts';
import { DecodeError, type TransportError } from '../../protocol/error/transport-error.ts';
import { bytesLeft } from '../../protocol/wire/bytes-left.ts';
import { StreamInput } from '../../protocol/wire/stream-input.ts';
import type { VersionId } from '../../protocol/wire/version.ts';
import { decodeWithOffsets } from './decode-with-offsets.ts';
import type { DissectedField } from './field-recorder.ts';

/** How a body is decoded. */
export interface BodyLayout {
  /** Null where nothing is known of the action. */
  readonly codec: AnyCodec | null;
  /** Whether the codec takes the whole body: bytes behind it are an error. */
  readonly isComplete: boolean;
  readonly isException: boolean;
}

/** The body of a message, decoded as far as possible. Fields and the JSON form are decoded when they are first asked for. */
export class DissectedBody {
  /** The body after inflating. */
  readonly bytes: Buffer;
  /** Offset of its first byte: in the frame, or 0 when it was inflated. */
  readonly base: number;
  /** Why it did not decode; null when it did. */
  readonly problem: TransportError | null;
  /** Bytes behind what was decoded. */
  readonly rest: Buffer;
  readonly #layout: BodyLayout;
  readonly #version: VersionId;
  readonly #value: unknown;
  #fields: readonly DissectedField[] | null;

  /** @internal */
  constructor(bytes: Buffer, base: number, layout: BodyLayout, version: VersionId, failure: TransportError | null) {
    this.bytes = bytes;
    this.base = base;
    this.#layout = failure === null ? layout : NOTHING_KNOWN;
    this.#version = version;
    this.#fields = null;
    const { codec, isComplete } = this.#layout;
    if (codec === null) {
      this.#value = undefined;
      this.rest = bytes;
      this.problem = failure;
      return;
    }
    const { value, read, problem, fields } = decode(codec, bytes, base, version);
    this.#value = value;
    this.#fields = fields;
    this.rest = bytes.subarray(read);
    this.problem = problem ?? (isComplete ? unread(bytes.length - read) : null);
  }

  /** Schema of the fields, for their JSON forms; undefined where nothing is known of the action. */
  get schema(): Schema | undefined {
    return this.#layout.codec?.schema;
  }

  /** The fields with their offsets, outermost first, as far as the body decoded. */
  get fields(): readonly DissectedField[] {
    this.#fields ??= this.#readFields();
    return this.#fields;
  }

  /** JSON form of the whole body; undefined when its action is unknown or it did not decode. */
  get form(): unknown {
    const { codec, isException } = this.#layout;
    const value = isException ? (this.exception ?? undefined) : this.#value;
    return codec === null || value === undefined ? undefined : toForm(codec.schema, value, this.#version);
  }

  /** The exception of an error response, as far as it decoded. */
  get exception(): ExceptionValue | null {
    if (!this.#layout.isException) return null;
    return (this.#value as ExceptionValue | undefined) ?? salvage(this.bytes, this.#version);
  }

  #readFields(): readonly DissectedField[] {
    const { codec, isException } = this.#layout;
    if (codec === null) return [];
    const { fields, value, read } = decodeWithOffsets(codec, this.bytes, this.#version, this.base);
    return isException ? fields : withUntraced(fields, value, this.base, this.base + read);
  }
}

const NOTHING_KNOWN: BodyLayout = { codec: null, isComplete: false, isException: false };

interface Decoded {
  readonly value: unknown;
  readonly read: number;
  readonly problem: TransportError | null;
  /** Null where they were not asked for. */
  readonly fields: readonly DissectedField[] | null;
}

/** Decodes without fields; with them where it fails, so that the place of the failure is known. */
function decode(codec: AnyCodec, bytes: Buffer, base: number, version: VersionId): Decoded {
  const input = new StreamInput(bytes, { version });
  try {
    const value = codec.read(input);
    return { value, read: input.offset, problem: null, fields: null };
  } catch {
    return decodeWithOffsets(codec, bytes, version, base);
  }
}

/**
 * Codecs written by hand record no fields. The value of one stands in the bytes that no field has taken; with several it is not known which bytes
 * belong to which, so they get an empty place at the end.
 */
function withUntraced(fields: readonly DissectedField[], value: unknown, base: number, end: number): readonly DissectedField[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fields;
  const untraced = Object.entries(value).filter(([name]) => fields.every((field) => field.name !== name));
  const offset = untraced.length === 1 ? (fields.at(-1)?.end ?? base) : end;
  return [...fields, ...untraced.map(([name, each]) => ({ name, offset, end, value: each as unknown, fields: [] }))];
}

/** What can be had of an exception that does not decode to its end. */
function salvage(bytes: Buffer, version: VersionId): ExceptionValue | null {
  try {
    return salvagedException.read(new StreamInput(bytes, { version }));
  } catch {
    return null;
  }
}

function unread(count: number): TransportError | null {
  return count === 0 ? null : new DecodeError('ERR_DECODE', {}, bytesLeft(count, 'body'));
}
