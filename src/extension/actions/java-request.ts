import { UsageError } from '../../protocol/error/transport-error.ts';

/** What stands between class name and request. */
const SEPARATOR = 0x1f;

/** The bytes of a request in the convention of the Java SDK. */
export interface JavaRequest {
  /** Class of the request, for example `org.example.GreetRequest`. */
  readonly className: string;
  /** The serialised request. @memory a view of the bytes it was read from */
  readonly request: Buffer;
}

/**
 * Returns the bytes of a request in the convention of the Java SDK: the class name in UTF-8, one byte 0x1F, the serialised request.
 *
 * @throws ERR_USAGE if the class name is empty or has a character 0x1F
 * @see extensions.md §1.3
 */
export function encodeJavaRequest(className: string, request: Uint8Array): Buffer {
  if (className === '' || className.includes('\x1f')) {
    throw new UsageError(
      'ERR_USAGE',
      {},
      `className must not be empty and must not have a character 0x1F, got ${JSON.stringify(className)}`,
    );
  }
  return Buffer.concat([Buffer.from(className, 'utf8'), Buffer.of(SEPARATOR), request]);
}

/**
 * Reads the bytes of a request in the convention of the Java SDK.
 *
 * @throws ERR_USAGE if there is no byte 0x1F behind a class name
 * @see extensions.md §1.3
 */
export function decodeJavaRequest(bytes: Uint8Array): JavaRequest {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = buffer.indexOf(SEPARATOR);
  if (end <= 0) throw new UsageError('ERR_USAGE', {}, 'expected a class name, one byte 0x1F and the request, as the Java SDK sends them');
  return { className: buffer.toString('utf8', 0, end), request: buffer.subarray(end + 1) };
}
