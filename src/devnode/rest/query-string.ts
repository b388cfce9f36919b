import { illegalArgument } from '../../protocol/rest/refusals.ts';

/**
 * Returns the text that percent signs encode, as a node decodes it: bytes that are not UTF-8 become U+FFFD, and `%%` is a percent sign.
 *
 * @param isQuery true for a part of the query, where `+` is a space
 * @throws StatusError 400 for a percent sign without two hexadecimal digits
 * @see `RestUtils.decodeComponent` of OpenSearch
 */
export function decodeComponent(text: string, isQuery: boolean = false): string {
  if (!text.includes('%') && !(isQuery && text.includes('+'))) return text;
  const bytes = Buffer.alloc(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    let byte = text.charCodeAt(at);
    if (text[at] === '+' && isQuery) byte = 0x20;
    else if (text[at] === '%') {
      at++;
      if (text[at] !== '%') byte = escapedByte(text, at++);
    }
    bytes[length++] = byte;
  }
  return bytes.toString('utf8', 0, length);
}

/** @param at where the first of the two digits is */
function escapedByte(text: string, at: number): number {
  if (at >= text.length) throw illegalArgument(`unterminated escape sequence at end of string: ${text}`);
  if (at + 1 >= text.length) throw illegalArgument(`partial escape sequence at end of string: ${text}`);
  const digits = text.slice(at, at + 2);
  if (!/^[0-9a-fA-F]{2}$/.test(digits)) throw illegalArgument(`invalid escape sequence \`%${digits}' at index ${at - 1} of: ${text}`);
  return Number.parseInt(digits, 16);
}

/**
 * Returns the parameters of a query. `&` and `;` separate them, `a` is `a` with an empty text, a fragment does not count, and of a repeated name the
 * last one wins.
 *
 * @param uri path and query as they were sent
 * @throws StatusError 400 as {@link decodeComponent}
 * @see `RestUtils.decodeQueryString` of OpenSearch
 */
export function queryParameters(uri: string): Map<string, string> {
  const found = new Map<string, string>();
  const start = uri.indexOf('?');
  if (start === -1) return found;
  const fragment = uri.indexOf('#');
  const query = uri.slice(start + 1, fragment === -1 ? undefined : fragment);
  for (const part of query.split(/[&;]/)) {
    const sign = part.indexOf('=', part.startsWith('=') ? 1 : 0);
    // Without a name before the first `=`, the rest is the name.
    const text = part.startsWith('=') ? part.slice(1) : part;
    if (text === '') continue;
    const at = part.startsWith('=') ? sign - 1 : sign;
    if (at < 0) found.set(decodeComponent(text, true), '');
    else found.set(decodeComponent(text.slice(0, at), true), decodeComponent(text.slice(at + 1), true));
  }
  return found;
}
