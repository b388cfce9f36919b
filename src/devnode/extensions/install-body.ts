import type { ExceptionValue } from '../../protocol/codec/exception/exception-value.ts';
import { newException } from '../../protocol/codec/exception/wrapper.ts';
import type { RemoteError } from '../../protocol/error/remote-error.ts';
import { StatusError } from '../../protocol/error/status-error.ts';
import { isObject } from '../../protocol/rest/body.ts';
import { decodeBody } from '../rest/decode-body.ts';
import type { RestRequest } from '../rest/rest-request.ts';
import { V_3_0_0, type VersionId } from '../../protocol/wire/version.ts';
import { javaError, namedError } from './node-errors.ts';

const NO_MEDIA_TYPE =
  'Cannot invoke "org.opensearch.core.xcontent.MediaType.xContent()" because the return value of "org.opensearch.rest.RestRequest.getMediaType()" is null';
const NOT_DETECTED = 'Compressor detection can only be called on some xcontent bytes or compressed xcontent bytes';

/** First bytes of the formats, besides the brace of JSON. */
const SMILE = Buffer.from(':)\n', 'latin1');
const YAML = Buffer.from('---', 'latin1');
const CBOR_SELF_DESCRIPTION = Buffer.from([0xd9, 0xd9, 0xf7]);
const CBOR_MAJOR_TYPE = 0xe0;
const CBOR_OBJECT = 0xa0;
const LEFT_BRACE = 0x7b;

/**
 * Returns the object in the body of a request, as a node reads the body of `POST /_extensions/initialize`.
 *
 * @param own release of the node: 2.x and 3.x differ in a status
 * @throws RemoteError or StatusError in the words of a node, for a request without a body and for one that is not an object
 */
export async function objectOf(request: RestRequest, own: VersionId): Promise<Readonly<Record<string, unknown>>> {
  if (request.mediaType === null) throw namedError('null_pointer_exception', NO_MEDIA_TYPE);
  const content = Buffer.from(request.content.buffer, request.content.byteOffset, request.content.byteLength);
  if (!isDetected(content)) throw new StatusError(own >= V_3_0_0 ? 400 : 500, 'not_x_content_exception', NOT_DETECTED);
  try {
    const value = await decodeBody(content, request.mediaType);
    if (isObject(value)) return value;
  } catch (error) {
    throw notAMap(newException('com.fasterxml.jackson.core.JsonParseException', null, { message: (error as Error).message }));
  }
  throw notAMap(null);
}

function notAMap(cause: ExceptionValue | null): RemoteError {
  return javaError('org.opensearch.OpenSearchParseException', 'Failed to parse content to map', { cause });
}

/** Whether the first bytes are those of a format that a node knows. YAML must begin with three hyphens, JSON with a brace. */
function isDetected(content: Buffer): boolean {
  const first = content[0] ?? 0;
  if ([SMILE, YAML, CBOR_SELF_DESCRIPTION].some((start) => content.subarray(0, start.length).equals(start))) return true;
  if ((first & CBOR_MAJOR_TYPE) === CBOR_OBJECT) return true;
  return content[content.findIndex((byte) => !isSpace(byte))] === LEFT_BRACE;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
