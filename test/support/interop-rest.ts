import { expect } from 'vitest';
import { RemoteError } from '../../src/protocol/error/remote-error.ts';
import { StatusError } from '../../src/protocol/error/status-error.ts';
import { errorResponse } from '../../src/protocol/rest/error-json.ts';
import type { RestResponse } from '../../src/protocol/rest/rest-message.ts';
import type { Client } from '../../src/transport/client/client.ts';
import type { Http } from './interop-http.ts';
import { parsed, routedOrAnswered } from './rest.ts';

/** Where the native answer and the REST answer of one node may differ, and why. Everything else must be equal. */
const DIFFERENCES: readonly { readonly what: string; readonly why: string; readonly pattern: RegExp; readonly shown: string }[] = [
  {
    what: 'names of indices',
    why: 'the native call and the REST request each write to an index of their own, so that versions and sequence numbers are equal',
    pattern: /\b([a-z_]+)-([a-z0-9]+)-(?:native|rest)\b/g,
    shown: '@$1',
  },
  { what: 'index_uuid', why: 'so do the unique ids of those indices', pattern: /"index_uuid":"[\w-]{22}"/g, shown: '"index_uuid":"…"' },
  { what: '[index/uuid] in a reason', why: 'the same', pattern: /\[(@[a-z_]+)\/[\w-]{22}\]/g, shown: '[$1/…]' },
  { what: 'generated _id', why: 'each document gets its own', pattern: /"_id":"[\w-]{20}"/g, shown: '"_id":"…"' },
  { what: 'Location of a generated _id', why: 'the same', pattern: /\/_doc\/[\w-]{20}(?![\w-])/g, shown: '/_doc/…' },
  { what: 'took', why: 'the time of two different calls', pattern: /"took":\d+/g, shown: '"took":0' },
  {
    what: 'number_of_pending_tasks, task_max_waiting_in_queue_millis',
    why: 'the state of a queue at two different moments',
    pattern: /"(number_of_pending_tasks|task_max_waiting_in_queue_millis)":\d+/g,
    shown: '"$1":0',
  },
  {
    what: 'type of a validation failure',
    why: 'ActionRequestValidationException and ValidationException have no id on the wire: they travel as the IllegalArgumentException they extend',
    pattern: /"type":"(?:action_request_validation|validation|illegal_argument)_exception"(?=,"reason":"Validation Failed: )/g,
    shown: '"type":"…"',
  },
  {
    what: 'type of a broken JSON',
    why: 'the exceptions of the JSON parsers have no id either: they travel as the IOException they extend',
    pattern: /"type":"(?:json_e_o_f|json_parse|unexpected_end_of_input|stream_read|i_o)_exception"/g,
    shown: '"type":"…"',
  },
  {
    what: 'reason of an exception without an id',
    why: 'what extends nothing that has an id travels with its type in front of its message',
    pattern: /"reason":"[a-z_]+_exception: /g,
    shown: '"reason":"',
  },
  {
    what: 'version.lucene_version of `GET /`',
    why: 'REST alone computes it: it asks the Lucene in its own process, and the answer of cluster:monitor/main does not hold it',
    pattern: /"lucene_version":"[\d.]+",/g,
    shown: '',
  },
  {
    what: 'order of the allowed methods',
    why: 'a node keeps them in a hash set',
    pattern: /allowed: \[[A-Z, ]+\]/g,
    shown: 'allowed: […]',
  },
];

/** What REST answers, as far as it is compared. */
interface Answer {
  readonly status: number;
  readonly location: string | null;
  readonly body: unknown;
}

/** What a step asks and what must come of it. */
export interface StepOptions {
  readonly contentType?: string;
}

/**
 * Does the same by REST and natively, and compares the answers: the REST layer makes the native request from the HTTP request and the JSON from
 * the native response. `@notes` in a line or a body stands for the index `notes-LABEL-rest` in one and `notes-LABEL-native` in the other.
 */
export class RestComparison {
  readonly #http: Http;
  readonly #client: Client;
  readonly #label: string;

  /** @param label sets the indices apart from those of other comparisons on the same node; letters and digits */
  constructor(http: Http, client: Client, label: string) {
    this.#http = http;
    this.#client = client;
    this.#label = label;
  }

  /**
   * One step. Both must answer with `status`, and with the same JSON.
   *
   * @param line `PUT /@notes/_doc/1?refresh=true`
   * @param body text or bytes as they are, else JSON; of several lines, an array
   * @returns the answer, names of indices replaced
   */
  async same(status: number, line: string, body?: unknown, { contentType }: StepOptions = {}): Promise<unknown> {
    const rest = await this.#byRest(line, bodyOf(body), contentType);
    const native = await this.#natively(line, bodyOf(body), contentType);
    // Soft: one test tells of every step that differs.
    expect.soft(native, line).toEqual(rest);
    expect.soft(rest.status, `${line}: ${JSON.stringify(rest.body)}`).toBe(status);
    return native.body;
  }

  async #byRest(line: string, body: string | Buffer | undefined, contentType: string | undefined): Promise<Answer> {
    const headers =
      body === undefined ? {} : { 'Content-Type': contentType ?? (line.includes('_bulk') ? 'application/x-ndjson' : 'application/json') };
    const answer = await this.#http.send(this.#named(line, 'rest'), { body: this.#inBody(body, 'rest'), headers });
    return comparable(answer.status, answer.headers.location ?? null, answer.text);
  }

  async #natively(line: string, body: string | Buffer | undefined, contentType: string | undefined): Promise<Answer> {
    const {
      status,
      headers,
      body: json,
    } = await this.#nativeAnswer(this.#named(line, 'native'), this.#inBody(body, 'native'), contentType);
    return comparable(status, headers?.['Location'] ?? null, json === null ? '' : JSON.stringify(parsed(json)));
  }

  async #nativeAnswer(line: string, body: string | Buffer | undefined, contentType: string | undefined): Promise<RestResponse> {
    const { rest, request, response: answer } = routedOrAnswered(line, body, contentType ?? null);
    if (rest === undefined) return answer;
    try {
      const response = await this.#client.call(rest.action, rest.toRequest(request) as never);
      return rest.toResponse(response as never, request);
    } catch (error) {
      if (error instanceof RemoteError || error instanceof StatusError) return errorResponse(error);
      throw error;
    }
  }

  #inBody(body: string | Buffer | undefined, side: 'rest' | 'native'): string | Buffer | undefined {
    return typeof body === 'string' ? this.#named(body, side) : body;
  }

  #named(text: string, side: 'rest' | 'native'): string {
    return text.replaceAll(/@([a-z_]+)/g, `$1-${this.#label}-${side}`);
  }
}

function bodyOf(body: unknown): string | Buffer | undefined {
  if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) return body;
  return Array.isArray(body) ? body.map((line) => `${JSON.stringify(line)}\n`).join('') : JSON.stringify(body);
}

function comparable(status: number, location: string | null, text: string): Answer {
  return {
    status,
    location: location === null ? null : evened(location),
    body: text === '' ? '' : JSON.parse(evened(JSON.stringify(JSON.parse(text)))),
  };
}

function evened(text: string): string {
  return DIFFERENCES.reduce((before, { pattern, shown }) => before.replaceAll(pattern, shown), text);
}
