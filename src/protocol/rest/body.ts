import { MEDIA_TYPES } from '../codec/media-type.ts';
import { StatusError } from '../error/status-error.ts';
import { parseFailure } from './refusals.ts';
import type { RestRequest } from './rest-message.ts';

const JSON_TYPE = 'application/json';

/** Other names that mean JSON. */
const JSON_TYPES: readonly string[] = [JSON_TYPE, 'application/x-ndjson', 'application/*', '*/*'];

/** The body of a request. @memory borrowed. @throws StatusError 400 for a request without one */
export function requiredBody({ body }: RestRequest): Uint8Array {
  if (body === null || body.length === 0) throw parseFailure('request body is required');
  return body;
}

/** The content type of a body without its parameters. @default JSON. @throws StatusError 406 for one that OpenSearch does not read */
export function contentTypeOf({ contentType }: RestRequest): string {
  if (contentType === null) return JSON_TYPE;
  const bare = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  if (JSON_TYPES.includes(bare)) return JSON_TYPE;
  if ((MEDIA_TYPES as readonly string[]).includes(bare)) return bare;
  throw notSupported(`[${contentType}] is not supported`);
}

const notSupported = (why: string) => new StatusError(406, 'media_type_header_exception', `Content-Type header ${why}`);

/** The text of a JSON body. @throws StatusError 406 for other content types, which are passed on but not looked into */
export function jsonText(request: RestRequest): string {
  if (contentTypeOf(request) !== JSON_TYPE) throw notSupported(`[${String(request.contentType)}] is not supported here`);
  const bytes = requiredBody(request);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** Parses a JSON object. @throws StatusError 400 for other text */
export function jsonObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new StatusError(400, 'json_parse_exception', (error as Error).message);
  }
  if (!isObject(value)) throw parseFailure('Failed to parse content to map');
  return value;
}

/** Returns true for a JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
