import { setKey } from '../protocol/codec/combinators.ts';
import { UsageError } from '../protocol/error/transport-error.ts';

/** Headers of an answer; several values go out as several lines. */
export type HeadersInit = Readonly<Record<string, string | readonly string[]>>;

/** Headers of an answer, the content type apart. */
export interface AnswerHeaders {
  readonly contentType: string | null;
  readonly headers: Readonly<Record<string, readonly string[]>>;
}

/** Characters of a token. @see RFC 9110 §5.6.2 */
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** The node sends ISO 8859-1. Line breaks would end the client's connection, or begin a header of somebody else. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The node's business: a length or coding of ours stays in the answer, and the client waits for the rest of the body. */
const FRAMING = ['content-length', 'transfer-encoding'];

/**
 * Checks headers and takes the content type out of them.
 *
 * @throws ERR_USAGE for names and values that HTTP cannot carry
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
  if (!NAME.test(name)) throw new UsageError('ERR_USAGE', {}, `'${name}' is no name of a header`);
  const bad = values.find((value) => typeof value !== 'string' || !VALUE.test(value));
  if (bad !== undefined) {
    throw new UsageError('ERR_USAGE', {}, `header ${name} has the value ${JSON.stringify(bad)}, expected one line of ISO 8859-1`);
  }
}
