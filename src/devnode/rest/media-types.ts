import { StatusError } from '../../protocol/error/status-error.ts';
import { illegalArgument } from '../../protocol/rest/refusals.ts';

/** A content type that OpenSearch reads and writes. */
export type MediaType = 'application/json' | 'application/yaml' | 'application/cbor' | 'application/smile';

/** Other names of a type, besides itself and its last part. */
const NAMES: ReadonlyMap<string, MediaType> = new Map<string, MediaType>(
  (['json', 'yaml', 'cbor', 'smile'] as const).flatMap((format): [string, MediaType][] => [
    [format, `application/${format}`],
    [`application/${format}`, `application/${format}`],
    [`application/vnd.opensearch+${format}`, `application/${format}`],
  ]),
)
  .set('application/*', 'application/json')
  .set('application/x-ndjson', 'application/json')
  .set('application/vnd.opensearch+x-ndjson', 'application/json');

/** A part of a media type. */
const TOKEN = /^[a-zA-Z0-9!#$%&'*+\-.^_`|~[\]\\]+$/;

/**
 * Returns the content type of a `Content-Type` header, null for none and for one that OpenSearch does not read.
 *
 * @param values each header of this name
 * @throws StatusError 400 for text that is not a media type, and for more than one header
 */
export function contentTypeOf(values: readonly string[]): MediaType | null {
  const [text] = values;
  if (text === undefined) return null;
  if (values.length > 1) throw badContentType('only one Content-Type header should be provided');
  if (/^(?:[ \t]*;)+$/.test(text)) throw badContentType('empty Content-Type header');
  const [bare = ''] = text.split(/[ \t]*;/);
  const [type = '', subtype = '', ...more] = bare.split('/');
  if (more.length > 0 || !TOKEN.test(type) || !TOKEN.test(subtype.trim())) throw badContentType(`invalid Content-Type header [${text}]`);
  return mediaTypeOf(bare);
}

/** Returns the content type of a `format` parameter or an `Accept` header; null for none and for others. */
export function mediaTypeOf(text: string | undefined): MediaType | null {
  return NAMES.get((text ?? '').split(';')[0]?.trim().toLowerCase() ?? '') ?? null;
}

/** Returns the `Content-Type` header of an answer. */
export function contentTypeHeader(type: MediaType): string {
  return type === 'application/json' ? 'application/json; charset=UTF-8' : type;
}

/** A node shows the class of the cause within the reason. */
function badContentType(why: string): StatusError {
  return new StatusError(400, 'content_type_header_exception', `java.lang.IllegalArgumentException: ${why}`, {
    cause: illegalArgument(why),
  });
}
