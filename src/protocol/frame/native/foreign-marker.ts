import { FrameError } from '../../error/transport-error.ts';

/** First words of HTTP requests, cut to six bytes. @see wire-format.md §1.4 */
const HTTP_METHODS = ['GET', 'POST', 'PUT', 'HEAD', 'DELETE', 'OPTION', 'PATCH', 'TRACE'];

/** The unframed text a node sends to HTTP clients on its transport port before it closes the connection. @see wire-format.md §1.4 */
export const NOT_AN_HTTP_PORT = 'This is not an HTTP port';

/** Returns whether the first bytes are an HTTP request: the accepting side then sends {@link NOT_AN_HTTP_PORT}. */
export function isHttpRequest(head: Uint8Array): boolean {
  const text = Buffer.from(head.subarray(0, 6)).toString('latin1');
  return HTTP_METHODS.some((method) => text.startsWith(method));
}

/**
 * Returns the error for bytes that are not a transport frame, in the words of a node.
 *
 * @param head the first six bytes or more
 * @param offset where they stood in the connection
 * @see wire-format.md §1.4
 */
export function foreignMarker(head: Uint8Array, offset: number): FrameError {
  const details = { offset, head: Buffer.from(head.subarray(0, 23)).toString('hex') };
  return new FrameError('ERR_BAD_MARKER', details, reason(head));
}

function reason(head: Uint8Array): string {
  if (isHttpRequest(head)) return NOT_AN_HTTP_PORT;
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0] = head;
  const got = `got (${[b0, b1, b2, b3].map((byte) => byte.toString(16)).join(',')})`;
  if (Buffer.from(head.subarray(0, 4)).toString('latin1') === 'HTTP') {
    return 'received HTTP response on transport port, ensure that transport port (not HTTP port) of a remote node is specified in the configuration';
  }
  if (b0 === 0x16 && b1 === 0x03) return `SSL/TLS request received but SSL/TLS is not enabled on this node, ${got}`;
  if (b0 === 0x15 && b1 === 0x03) return `TLS alert received: the peer expects TLS on this port, ${got}`;
  return `invalid internal transport message format, ${got}`;
}
