import { validateHeaderName, validateHeaderValue } from 'node:http';
import { restExecuteOnExtension, type RestExecuteOnExtensionResponse } from '../../protocol/action/extension/node-to-extension.ts';
import { httpCodeOf } from '../../protocol/codec/rest-status.ts';
import { DeadlineError } from '../../protocol/error/transport-error.ts';
import type { RequestHeaders } from '../../protocol/frame/native/variable-header.ts';
import { RestAnswer } from '../rest/rest-answer.ts';
import type { RestHandler } from '../rest/rest-handler.ts';
import type { RestRequest } from '../rest/rest-request.ts';
import type { InstalledExtension } from './installed-extension.ts';

/** What a node without the security plug-in sends in the place of tokens. */
export const NO_TOKEN = 'noopToken';

/** Least status of an answer; those below announce one. */
const MIN_FINAL_STATUS = 200;

/** The only header that a node passes on, in exactly this case. */
const PASSED_HEADER = 'Content-Type';

/** Told of an answer that HTTP cannot carry: the client's connection ends. */
export type UnfitListener = (uniqueId: string, uri: string, reason: string) => void;

/** The path below which the routes of an extension are. */
export function routePrefix(uniqueId: string): string {
  return `/_extensions/_${uniqueId}`;
}

/**
 * Returns the handler of an extension's routes: it passes requests on and answers what the extension answers. Parameters that the extension does not
 * report as read make the request a 400, also where there was no answer in time.
 *
 * @param timeoutMs time for the answer: 10 seconds in a node
 * @see extensions.md §1.5
 */
export function forwardTo(extension: InstalledExtension, timeoutMs: number, onUnfit: UnfitListener): RestHandler {
  return async (request) => {
    const answer = await answerOf(extension, request, timeoutMs);
    if (answer === null) return RestAnswer.bytes({ status: 408, content: 'No response from extension to request.' });
    request.consume(answer.consumedParams);
    const status = httpCodeOf(answer.status);
    const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, values]) => [name, values.map(asLatin1)]));
    const contentType = asLatin1(answer.contentType);
    const reason = whyUnfit(status, { ...headers, 'Content-Type': [contentType] }, answer.content.length);
    if (reason !== null) onUnfit(extension.uniqueId, request.uri, reason);
    return RestAnswer.bytes({ status, contentType, content: answer.content, headers });
  };
}

/** Returns null if the extension does not answer in time. */
async function answerOf(
  extension: InstalledExtension,
  request: RestRequest,
  timeoutMs: number,
): Promise<RestExecuteOnExtensionResponse | null> {
  const { method, uri, path, params, mediaType, content, httpVersion } = request;
  const prefix = routePrefix(extension.uniqueId);
  const message = {
    method,
    uri,
    path: path.startsWith(prefix) ? path.slice(prefix.length) : path,
    params,
    headers: passedHeaders(request),
    mediaType,
    content,
    principalIdentifierToken: NO_TOKEN,
    httpVersion,
  };
  try {
    return await extension.call(restExecuteOnExtension, message, { timeoutMs, headers: frameHeaders(request) });
  } catch (error) {
    if (error instanceof DeadlineError) return null;
    throw error;
  }
}

function passedHeaders({ headers }: RestRequest): Record<string, readonly string[]> {
  const values = headers[PASSED_HEADER];
  return values === undefined ? {} : { [PASSED_HEADER]: values };
}

/** The headers of the frame, which a node has for each REST request. */
function frameHeaders(request: RestRequest): RequestHeaders {
  const [opaqueId] = request.header('X-Opaque-Id');
  return { ...(opaqueId === undefined ? {} : { 'X-Opaque-Id': opaqueId }), _system_index_access_allowed: 'false' };
}

/** A node writes a question mark for what a header cannot hold. */
function asLatin1(text: string): string {
  return text.replaceAll(/[\u0100-\uffff]/g, '?');
}

/** Returns why HTTP cannot carry an answer, or why clients wait for it in vain; null if it is fit. */
function whyUnfit(status: number, headers: Readonly<Record<string, readonly string[]>>, length: number): string | null {
  if (status < MIN_FINAL_STATUS) return `status must be >= ${MIN_FINAL_STATUS}, got ${status}`;
  for (const [name, values] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      for (const value of values) validateHeaderValue(name, value);
    } catch {
      return `header '${name}' must have a name of letters, digits and hyphens and a value of one line, got ${JSON.stringify(values)}`;
    }
    const stated = name.toLowerCase() === 'content-length' ? values[0] : undefined;
    if (stated !== undefined && stated !== String(length))
      return `header '${name}' must be ${length}, the length of the content, got '${stated}'; leave it out`;
  }
  return null;
}
