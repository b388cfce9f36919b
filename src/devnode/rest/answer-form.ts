import { type Json, renderJson } from '../../protocol/rest/json.ts';
import { FilterPath } from './filter-path.ts';
import { contentTypeHeader, type MediaType, mediaTypeOf } from './media-types.ts';
import type { AnswerHeaders, RestAnswer } from './rest-answer.ts';
import type { RestRequest } from './rest-request.ts';
import { prettyJson, withoutRawJson } from './write-json.ts';

/** An answer as HTTP sends it. */
export interface WrittenAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly content: Uint8Array;
  readonly headers: AnswerHeaders;
}

/** How the answer to a request is written: its parameters `format`, `filter_path`, `pretty` and `human`, and its header `Accept`. */
export class AnswerForm {
  readonly #type: MediaType;
  readonly #filter: FilterPath;
  readonly #request: RestRequest;

  /**
   * @throws StatusError 400 for a `pretty` or `human` that is neither true nor false
   * @see `AbstractRestChannel` of OpenSearch
   */
  constructor(request: RestRequest) {
    const format = request.param('format') ?? request.header('Accept')[0];
    this.#type = mediaTypeOf(format) ?? request.mediaType ?? 'application/json';
    this.#filter = new FilterPath(request.param('filter_path') ?? '');
    request.flag('pretty');
    request.flag('human');
    this.#request = request;
  }

  /** Writes an answer. */
  async write({ status, headers, body }: RestAnswer): Promise<WrittenAnswer> {
    if (body.kind === 'bytes') return { status, headers, contentType: body.contentType, content: body.content };
    const isFiltered = body.isFiltered && !this.#filter.isEmpty;
    const value = isFiltered ? this.#filter.apply(withoutRawJson(body.value)) : body.value;
    return { status, headers, contentType: contentTypeHeader(this.#type), content: await this.#bytesOf(value) };
  }

  async #bytesOf(value: Json | undefined): Promise<Uint8Array> {
    if (value === undefined) return Buffer.alloc(0);
    if (this.#type === 'application/json') {
      // A handler may have asked for `pretty` itself, as that of `GET /` does.
      return Buffer.from(this.#request.flag('pretty') ? prettyJson(withoutRawJson(value)) : renderJson(value), 'utf8');
    }
    const { encodeBody } = await import('./other-formats.ts');
    return encodeBody(withoutRawJson(value), this.#type);
  }
}
