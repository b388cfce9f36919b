import { promisify } from 'node:util';
import { deflate, gzip } from 'node:zlib';
import type { ServerResponse } from 'node:http';
import type { WrittenAnswer } from './answer-form.ts';

/** Level at which a node compresses answers. */
const LEVEL = 3;

const COMPRESSORS = { gzip: promisify(gzip), deflate: promisify(deflate) };

/** Statuses without a body. */
const BODILESS = new Set([204, 205, 304]);

/** The status that does not tell a length either. */
const WITHOUT_LENGTH = 204;

/** The status whose length is zero, whatever the handler gave. */
const ZERO_LENGTH = 205;

/** Names that HTTP knows others for than OpenSearch's HTTP library sends. */
const REASONS: Readonly<Record<number, string>> = {
  413: 'Request Entity Too Large',
  414: 'Request-URI Too Long',
  416: 'Requested Range Not Satisfiable',
};

/** Returns the encoding that a client accepts, as OpenSearch's HTTP library chooses it; null for none. */
export function encodingOf(accepted: string | undefined): 'gzip' | 'deflate' | null {
  const weights = { '*': -1, gzip: -1, deflate: -1 };
  for (const part of (accepted ?? '').split(',')) {
    const weight = Number(/;\s*q\s*=\s*([\d.]+)/.exec(part)?.[1] ?? '1');
    for (const name of ['*', 'gzip', 'deflate'] as const) {
      const isNamed = part.includes(name) && weights[name] < weight;
      if (isNamed) weights[name] = weight;
    }
  }
  const { gzip: gzipWeight, deflate: deflateWeight, '*': any } = weights;
  if (gzipWeight > 0 || deflateWeight > 0) return gzipWeight >= deflateWeight ? 'gzip' : 'deflate';
  if (any <= 0) return null;
  if (gzipWeight === -1) return 'gzip';
  return deflateWeight === -1 ? 'deflate' : null;
}

/** What the request says about its answer. */
export interface AnswerRequest {
  readonly isHead: boolean;
  readonly acceptEncoding: string | undefined;
  /** Headers of every answer. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Sends an answer. A status or header that HTTP cannot carry ends the connection, as in a node. */
export async function sendAnswer(response: ServerResponse, answer: WrittenAnswer, request: AnswerRequest): Promise<void> {
  const { status } = answer;
  const hasBody = !request.isHead && !BODILESS.has(status) && answer.content.length > 0;
  const encoding = hasBody ? encodingOf(request.acceptEncoding) : null;
  const content = encoding === null ? answer.content : await COMPRESSORS[encoding](answer.content, { level: LEVEL });
  if (response.destroyed) return;
  try {
    if (status < 200) throw new RangeError(`status must be >= 200, got ${status}`);
    response.removeHeader('connection');
    for (const [name, value] of Object.entries(request.headers)) response.setHeader(name, value);
    response.setHeader('content-type', answer.contentType);
    for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
    if (encoding !== null) response.setHeader('content-encoding', encoding);
    if (status === ZERO_LENGTH) response.setHeader('content-length', 0);
    else if (!response.hasHeader('content-length') && status !== WITHOUT_LENGTH) response.setHeader('content-length', content.length);
    response.writeHead(status, ...(REASONS[status] === undefined ? [] : [REASONS[status] as string]));
    if (request.isHead || BODILESS.has(status)) response.end();
    else response.end(content);
  } catch {
    response.destroy();
  }
}
