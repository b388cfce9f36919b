import { shortened } from '../../protocol/error/shortened.ts';
import { StatusError } from '../../protocol/error/status-error.ts';

const JSON_TYPES = /^application\/(?:json|vnd\.opensearch\+json)$/;

/** The body of a request. */
export class RequestBody {
  /** @memory owned */
  readonly bytes: Buffer;
  readonly #mediaType: string | null;

  /** @param mediaType without parameters, null for none */
  constructor(bytes: Buffer, mediaType: string | null) {
    this.bytes = bytes;
    this.#mediaType = mediaType;
  }

  /**
   * Returns the body as text.
   *
   * @throws StatusError 400 when it is not UTF-8
   */
  text(): string {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(this.bytes);
    } catch (cause) {
      throw new StatusError(400, 'illegal_argument_exception', 'the request body is not UTF-8', { cause });
    }
  }

  /**
   * Returns the body as JSON. The type is an assertion of the caller and is not checked.
   *
   * @throws StatusError 400 when there is none or it does not parse, 415 when it is of another media type
   */
  json<T = unknown>(): T {
    if (this.#mediaType !== null && !JSON_TYPES.test(this.#mediaType)) {
      throw new StatusError(
        415,
        'illegal_argument_exception',
        `the request body is ${shortened(this.#mediaType)}, expected application/json`,
      );
    }
    const text = this.text();
    if (text.trim() === '') throw new StatusError(400, 'parse_exception', 'request body is required');
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      throw new StatusError(400, 'parse_exception', `the request body is not JSON: ${(cause as SyntaxError).message}`, { cause });
    }
  }
}
