import { reasonOf } from '../../protocol/error/reason-of.ts';
import { DecodeError, UsageError } from '../../protocol/error/transport-error.ts';

/** What `fetch` is given for the body of a request. */
export interface RestContent {
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly headers: Record<string, string>;
}

/** Returns the body of a request, with its type unless the headers have one. @throws ERR_USAGE for a value that cannot be JSON */
export function contentOf(body: unknown, headers: Record<string, string>, name: string): RestContent {
  if (body === undefined) return { headers };
  const hasType = Object.keys(headers).some((key) => key.toLowerCase() === 'content-type');
  const typed = hasType ? headers : { ...headers, 'Content-Type': 'application/json' };
  if (typeof body === 'string' || body instanceof Uint8Array) return { body: body as string | Uint8Array<ArrayBuffer>, headers: typed };
  return { body: jsonOf(body, name), headers: typed };
}

function jsonOf(body: unknown, name: string): string {
  let text: string | undefined;
  let reason = 'it has no JSON text';
  try {
    text = JSON.stringify(body) as string | undefined;
  } catch (error) {
    reason = reasonOf(error);
  }
  if (text !== undefined) return text;
  throw new UsageError('ERR_USAGE', {}, `the body of ${name} must be a string, bytes or a value that JSON can express: ${reason}`);
}

/**
 * Reads the body of an answer.
 *
 * @param name names the request in the error
 * @throws ERR_PAYLOAD_LIMIT as soon as it has more than `maxBytes`
 */
export async function readBounded({ body }: Response, maxBytes: number, name: string): Promise<Buffer> {
  if (body === null) return Buffer.alloc(0);
  const pieces: Uint8Array[] = [];
  let size = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(pieces, size);
    const piece = value as Uint8Array;
    size += piece.length;
    if (size > maxBytes) {
      // Closes the connection.
      await reader.cancel();
      const text = `the answer to ${name} has more than ${maxBytes} bytes; ask for less, or set maxBytes higher`;
      throw new DecodeError('ERR_PAYLOAD_LIMIT', { delivery: 'answered' }, text);
    }
    pieces.push(piece);
  }
}

/** Returns what a body stands for, by its media type. @throws ERR_DECODE for JSON that cannot be read */
export function valueOf(contentType: string | null, bytes: Buffer, name: string): unknown {
  if (bytes.length === 0) return null;
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (/^application\/(?:cbor|smile|octet-stream|vnd\.opensearch\+(?:cbor|smile))$/u.test(type)) return bytes;
  const text = bytes.toString('utf8');
  if (!/^application\/(?:json|vnd\.opensearch\+json)$/u.test(type)) return text;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DecodeError('ERR_DECODE', { cause: error, delivery: 'answered' }, `the answer to ${name} is not JSON: ${reasonOf(error)}`);
  }
}
