import { StatusError } from '../../protocol/error/status-error.ts';
import { errorResponse } from '../../protocol/rest/error-json.ts';
import { renderJson } from '../../protocol/rest/json.ts';
import { illegalArgument } from '../../protocol/rest/refusals.ts';

/** An error of Node's HTTP parser. */
export interface ParserError extends Error {
  readonly code?: string;
  readonly rawPacket?: Uint8Array;
}

/** Codes of what a node closes the connection for without a word. */
const SILENT = new Set(['HPE_INVALID_METHOD', 'HPE_INVALID_VERSION', 'ECONNRESET', 'EPIPE', 'ERR_HTTP_REQUEST_TIMEOUT']);

/** A request line that is too long. */
export function tooLongLine(maxBytes: number): StatusError {
  return new StatusError(400, 'too_long_http_line_exception', `An HTTP line is larger than ${maxBytes} bytes.`);
}

/** Headers that are too large. */
export function tooLongHeaders(maxBytes: number): StatusError {
  return new StatusError(400, 'too_long_http_header_exception', `HTTP header is larger than ${maxBytes} bytes.`);
}

/** Too much is being served. */
export function overloaded(what: string): StatusError {
  return new StatusError(429, 'circuit_breaking_exception', `[parent] Data too large: ${what}`);
}

/** Returns what a node answers to bytes that are not HTTP, as the whole answer; null if it closes the connection without one. */
export function malformedAnswer(error: ParserError, limits: { readonly maxHeaderSize: number }, headers: readonly string[]): string | null {
  const refusal = refusalOf(error, limits.maxHeaderSize);
  if (refusal === null) return null;
  const { status, body } = errorResponse(refusal);
  const content = renderJson(body);
  const lines = [
    `HTTP/1.1 ${status} Bad Request`,
    ...headers,
    'content-type: application/json; charset=UTF-8',
    `content-length: ${Buffer.byteLength(content)}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${content}`;
}

function refusalOf(error: ParserError, maxHeaderSize: number): StatusError | null {
  const code = error.code ?? '';
  if (code === 'HPE_HEADER_OVERFLOW') return tooLongHeaders(maxHeaderSize);
  if (code === 'HPE_INVALID_METHOD' && isIncompleteLine(error.rawPacket)) return illegalArgument('text is empty (possibly HTTP/0.9)');
  if (SILENT.has(code) || !code.startsWith('HPE_')) return null;
  if (code === 'HPE_INVALID_CHUNK_SIZE') return new StatusError(400, 'number_format_exception', 'Invalid character in chunk size');
  if (code === 'HPE_INVALID_HEADER_TOKEN') return illegalArgument('No colon found');
  if (code === 'HPE_INVALID_CONTENT_LENGTH')
    return illegalArgument(`Content-Length value is not a number: ${contentLengthOf(error.rawPacket)}`);
  return illegalArgument(error.message.replace(/^Parse Error: /, ''));
}

/** Returns whether a request line has less than its three parts. */
function isIncompleteLine(packet: Uint8Array | undefined): boolean {
  const [line = ''] = Buffer.from(packet ?? [])
    .toString('latin1')
    .split('\r\n');
  return line.trim().split(' ').length < 3;
}

function contentLengthOf(packet: Uint8Array | undefined): string {
  const text = Buffer.from(packet ?? []).toString('latin1');
  return /^content-length:[ \t]*(.*)$/im.exec(text)?.[1]?.trim() ?? '';
}
