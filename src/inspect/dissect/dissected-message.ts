import type { TransportError } from '../../protocol/error/transport-error.ts';
import { inflateBodySync } from '../../protocol/frame/native/compression.ts';
import { FIXED_HEADER_BYTES } from '../../protocol/frame/native/fixed-header.ts';
import { DEFAULT_LIMITS } from '../../protocol/wire/limits.ts';
import { type BodyLayout, DissectedBody } from './dissected-body.ts';
import type { DissectedField } from './field-recorder.ts';
import { type FixedHeader, fixedHeaderFields } from './fixed-header.ts';
import type { DissectedVariableHeader, VariableHeaderValue } from './variable-header.ts';

/** A frame, decoded as far as possible. */
export class DissectedMessage {
  /** The fixed header; null when the frame is cut off before its end. */
  readonly header: FixedHeader | null;
  /** The action of a request, or of the request that this answers, when it is known. */
  readonly action: string | null;
  /** The body; null when a header is cut off or broken. */
  readonly body: DissectedBody | null;
  readonly #frame: Buffer;
  readonly #variable: DissectedVariableHeader | null;

  /**
   * @internal
   * @param variable null exactly when `header` is
   */
  constructor(
    frame: Buffer,
    header: FixedHeader | null,
    variable: DissectedVariableHeader | null,
    action: string | null,
    layout: BodyLayout,
  ) {
    this.header = header;
    this.action = action;
    this.#frame = frame;
    this.#variable = variable;
    const isSound = header !== null && variable !== null && variable.value !== null && variable.problem === null;
    this.body = isSound ? readBody(frame, header, layout) : null;
  }

  /** The variable header; null when it is cut off or broken. */
  get variable(): VariableHeaderValue | null {
    return this.#variable?.value ?? null;
  }

  /** What is wrong with the headers: then there is no body. */
  get problem(): TransportError | null {
    return this.#variable?.problem ?? null;
  }

  /** Fields of the variable header with their offsets. Frames that repeat a header share them. */
  get variableFields(): readonly DissectedField[] {
    return this.#variable === null ? [] : this.#variable.fieldsIn(this.#frame);
  }

  /** Fields of both headers with their offsets. */
  get fields(): readonly DissectedField[] {
    const fixed = fixedHeaderFields(this.#frame);
    return [...fixed, ...this.variableFields];
  }

  /** True when a header or the body did not decode. */
  get isBroken(): boolean {
    return this.problem !== null || (this.body !== null && this.body.problem !== null);
  }
}

function readBody(frame: Buffer, header: FixedHeader, layout: BodyLayout): DissectedBody {
  const bodyAt = FIXED_HEADER_BYTES + header.variableSize;
  const raw = frame.subarray(bodyAt);
  if (!header.compressed) return new DissectedBody(raw, bodyAt, layout, header.version, null);
  let inflated: Buffer;
  try {
    inflated = inflateBodySync(raw, DEFAULT_LIMITS.maxInflatedBytes);
  } catch (error) {
    return new DissectedBody(raw, bodyAt, layout, header.version, error as TransportError);
  }
  return new DissectedBody(inflated, 0, layout, header.version, null);
}
