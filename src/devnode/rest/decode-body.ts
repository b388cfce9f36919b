import { StatusError } from '../../protocol/error/status-error.ts';
import { isObject } from '../../protocol/rest/body.ts';
import { formatReader, otherFormatOf } from '../../protocol/rest/formats/format-reader.ts';
import type { MediaType } from './media-types.ts';

/**
 * Returns the value of a body of any content type that OpenSearch reads. YAML and CBOR load their libraries when they are first used.
 *
 * @throws StatusError 400 `json_parse_exception` for text that is not JSON; as {@link formatReader} for the other formats
 */
export async function decodeBody(bytes: Uint8Array, type: MediaType): Promise<unknown> {
  const format = otherFormatOf(type);
  return format === undefined ? decodeJson(bytes) : (await formatReader(format))(bytes);
}

/** Returns the object of a body. @throws StatusError 400 if it is another value, and as {@link decodeBody} */
export async function decodeObject(bytes: Uint8Array, type: MediaType | null): Promise<Readonly<Record<string, unknown>>> {
  const value = await decodeBody(bytes, type ?? 'application/json');
  if (isObject(value)) return value;
  throw new StatusError(400, 'parsing_exception', 'Expected [START_OBJECT] but found another token');
}

function decodeJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch (error) {
    // The error of this engine is not told as a cause: a node has classes of Jackson there.
    throw new StatusError(400, 'json_parse_exception', (error as Error).message);
  }
}
