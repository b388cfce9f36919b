import { shortened } from '../../protocol/error/shortened.ts';
import { StatusError } from '../../protocol/error/status-error.ts';
import { parseBody, parseJson } from './parse-body.ts';

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
   * @throws StatusError 400 when there is none, when it does not parse, has more than 1000 levels or a member `__proto__`; 415 when it is of another media type
   */
  json<T = unknown>(): T {
    if (this.#mediaType !== null && !JSON_TYPES.test(this.#mediaType)) {
      throw new StatusError(
        415,
        'illegal_argument_exception',
        `the request body is ${shortened(this.#mediaType)}, expected application/json`,
      );
    }
    return parseJson(this.text()) as T;
  }

  /**
   * Returns the body by its media type: the value of JSON, YAML, CBOR and SMILE, an array of values for NDJSON (which nodes announce as JSON: read its `text()`). The type is
   * an assertion of the caller and is not checked. Integers that a number cannot hold are bigints in CBOR and SMILE.
   *
   * @example const note = await body.parse<{ text: string }>();
   * @throws StatusError 400 when there is none, when it does not parse, has more than 1000 levels (YAML: 250), YAML aliases or a member `__proto__`; 413 for YAML of more
   * than 262144 characters; 415 when it is of another media type
   */
  async parse<T = unknown>(): Promise<T> {
    return (await parseBody(this.bytes, () => this.text(), this.#mediaType)) as T;
  }
}
