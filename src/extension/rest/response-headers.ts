import { setKey } from '../../protocol/codec/combinators.ts';
import { UsageError } from '../../protocol/error/transport-error.ts';

/** Headers of an answer. Several values of one header are sent as several lines. */
export type HeadersInit = Readonly<Record<string, string | readonly string[]>>;

/** Headers of an answer, the content type apart. */
export interface AnswerHeaders {
  readonly contentType: string | null;
  readonly headers: Readonly<Record<string, readonly string[]>>;
}

/** Characters of a token. @see RFC 9110 §5.6.2 */
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** One line of ISO 8859-1, as the node sends it. A line break would end the client's connection, or begin another header. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Headers that the node sets itself. One of ours would stay in the answer, and the client would wait for the rest of the body. */
const FRAMING = ['content-length', 'transfer-encoding'];

/**
 * Checks headers and separates the content type from the others.
 *
 * @throws ERR_USAGE for a name or value that HTTP cannot carry
 * @see extensions.md §1.5
 */
export function answerHeaders(init: HeadersInit): AnswerHeaders {
  const headers: Record<string, readonly string[]> = {};
  let contentType: string | null = null;
  for (const [name, given] of Object.entries(init)) {
    const values = typeof given === 'string' ? [given] : [...given];
    checkHeader(name, values);
    const lower = name.toLowerCase();
    if (lower === 'content-type') contentType = values.at(-1) ?? null;
    else if (!FRAMING.includes(lower)) setKey(headers, name, values);
  }
  return { contentType, headers };
}

function checkHeader(name: string, values: readonly string[]): void {
  if (!NAME.test(name)) throw new UsageError('ERR_USAGE', {}, `header name '${name}' must be letters, digits and !#$%&'*+-.^_\`|~`);
  const bad = values.find((value) => typeof value !== 'string' || !VALUE.test(value));
  if (bad !== undefined) {
    throw new UsageError('ERR_USAGE', {}, `header ${name} must have values of one line in ISO 8859-1, got ${JSON.stringify(bad)}`);
  }
}
