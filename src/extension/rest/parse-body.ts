import { shortened } from '../../protocol/error/shortened.ts';
import { StatusError } from '../../protocol/error/status-error.ts';
import { formatReader } from '../../protocol/rest/formats/format-reader.ts';
import { checkParsed, MAX_BODY_LEVELS } from '../../protocol/rest/parsed-body.ts';
import { parseFailure } from '../../protocol/rest/refusals.ts';

const MEDIA_TYPE = /^application\/(?:vnd\.opensearch\+)?(json|x-ndjson|yaml|cbor|smile)$/;

/** Text of JSON that may hold a member which is refused; escapes hide it. */
const SUSPICIOUS = /__proto__|\\u/;

/**
 * Parses a body by its media type. CBOR and YAML load their libraries when they are first used.
 *
 * @param mediaType without parameters, null for JSON
 * @throws StatusError 400 for a body that does not parse, 413 for YAML that is too long, 415 for another media type
 */
export async function parseBody(bytes: Buffer, text: () => string, mediaType: string | null): Promise<unknown> {
  const format = MEDIA_TYPE.exec(mediaType ?? 'application/json')?.[1];
  if (format !== undefined && bytes.length === 0) throw parseFailure('request body is required');
  switch (format) {
    case 'json':
      return parseJson(text());
    case 'x-ndjson':
      return text()
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map(parseJson);
    case 'yaml':
      return (await formatReader(format))(Buffer.from(text(), 'utf8'));
    case 'cbor':
    case 'smile':
      return (await formatReader(format))(bytes);
    default: {
      const expected = 'expected JSON, NDJSON, YAML, CBOR or SMILE';
      throw new StatusError(415, 'illegal_argument_exception', `the request body is ${shortened(String(mediaType))}, ${expected}`);
    }
  }
}

/** Parses JSON. @throws StatusError 400 for other text, too many levels, and a member named `__proto__` */
export function parseJson(text: string): unknown {
  if (text.trim() === '') throw parseFailure('request body is required');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw parseFailure(`the request body is not JSON: ${(cause as SyntaxError).message}`, cause);
  }
  // A short text without suspicious letters cannot hold anything that is refused.
  if (text.length > MAX_BODY_LEVELS || SUSPICIOUS.test(text)) checkParsed(value);
  return value;
}
