import type { Json } from '../../protocol/rest/json.ts';
import type { RestResponse } from '../../protocol/rest/rest-message.ts';

/** Headers of an answer; a list makes several lines. */
export type AnswerHeaders = Readonly<Record<string, string | readonly string[]>>;

/** An answer as bytes: parameters such as `pretty` do not change it. */
export interface RestAnswerInit {
  /** HTTP status. @default 200 */
  readonly status?: number;
  /** @default 'text/plain; charset=UTF-8' */
  readonly contentType?: string;
  /** Text goes out as UTF-8. @memory given */
  readonly content?: string | Uint8Array;
  readonly headers?: AnswerHeaders;
}

/** What {@link RestAnswer} holds: bytes that go out as they are, or a value that `format`, `pretty` and `filter_path` shape. */
export type AnswerBody =
  | { readonly kind: 'bytes'; readonly contentType: string; readonly content: Uint8Array }
  | { readonly kind: 'json'; readonly value: Json; readonly isFiltered: boolean };

/** An answer of a handler. */
export class RestAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: AnswerBody;

  private constructor(status: number, headers: AnswerHeaders, body: AnswerBody) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** Makes an answer of bytes or text. */
  static bytes({ status = 200, contentType = 'text/plain; charset=UTF-8', content = '', headers = {} }: RestAnswerInit = {}): RestAnswer {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
    return new RestAnswer(status, headers, { kind: 'bytes', contentType, content: bytes });
  }

  /**
   * Makes an answer that goes out in the format the client asks for.
   *
   * @param options `isFiltered: false` for errors, which `filter_path` does not change
   */
  static json(
    value: Json,
    { status = 200, headers = {}, isFiltered = true }: { status?: number; headers?: AnswerHeaders; isFiltered?: boolean } = {},
  ): RestAnswer {
    return new RestAnswer(status, headers, { kind: 'json', value, isFiltered });
  }

  /** Makes the answer that a REST form of `protocol/rest` gives. @param isFiltered false for errors */
  static from({ status, headers = {}, body }: RestResponse, isFiltered: boolean = true): RestAnswer {
    return body === null ? RestAnswer.bytes({ status, headers }) : RestAnswer.json(body, { status, headers, isFiltered });
  }

  /** Returns the answer with more headers; one of the same name is replaced. */
  withHeaders(headers: AnswerHeaders): RestAnswer {
    return new RestAnswer(this.status, { ...this.headers, ...headers }, this.body);
  }
}
