import type { Codec } from '../../protocol/codec/codec.ts';
import { list, map, struct } from '../../protocol/codec/combinators.ts';
import { string } from '../../protocol/codec/primitives.ts';
import { DecodeError, type TransportError } from '../../protocol/error/transport-error.ts';
import { FIXED_HEADER_BYTES } from '../../protocol/frame/native/fixed-header.ts';
import { bytesLeft } from '../../protocol/wire/bytes-left.ts';
import type { VersionId } from '../../protocol/wire/version.ts';
import { decodeWithOffsets } from './decode-with-offsets.ts';
import type { DissectedField } from './field-recorder.ts';
import type { FixedHeader } from './fixed-header.ts';

/** The variable header of a frame. Responses have no features and no action. @see wire-format.md §3 */
export interface VariableHeaderValue {
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseHeaders: Readonly<Record<string, readonly string[]>>;
  readonly features?: readonly string[];
  readonly action?: string;
}

const maps = { requestHeaders: map(string), responseHeaders: map(list(string)) };
const requestHeader: Codec<VariableHeaderValue, never> = struct({ ...maps, features: list(string), action: string });
const responseHeader: Codec<VariableHeaderValue, never> = struct(maps);

/** A variable header, decoded as far as possible. Frames that repeat its bytes share it. */
export class DissectedVariableHeader {
  /** Null when it did not decode. */
  readonly value: VariableHeaderValue | null;
  readonly problem: TransportError | null;
  readonly #codec: Codec<VariableHeaderValue, never>;
  readonly #size: number;
  readonly #version: VersionId;
  #fields: readonly DissectedField[] | null;

  constructor(frame: Buffer, { request, variableSize, version }: FixedHeader) {
    this.#codec = request ? requestHeader : responseHeader;
    this.#size = variableSize;
    this.#version = version;
    const { value, problem, read, fields } = this.#decode(frame);
    this.value = value ?? null;
    this.problem = problem ?? unread(variableSize - read);
    this.#fields = fields;
  }

  /** Its fields with their offsets. @param frame one that has this header */
  fieldsIn(frame: Buffer): readonly DissectedField[] {
    this.#fields ??= this.#decode(frame).fields;
    return this.#fields;
  }

  #decode(frame: Buffer): ReturnType<typeof decodeWithOffsets<VariableHeaderValue>> {
    const bytes = frame.subarray(FIXED_HEADER_BYTES, FIXED_HEADER_BYTES + this.#size);
    return decodeWithOffsets(this.#codec, bytes, this.#version, FIXED_HEADER_BYTES);
  }
}

function unread(count: number): TransportError | null {
  return count === 0 ? null : new DecodeError('ERR_DECODE', {}, bytesLeft(count, 'variable header'));
}
