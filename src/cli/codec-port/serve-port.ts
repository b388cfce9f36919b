import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { UsageError } from '../../protocol/error/transport-error.ts';
import { jsonLine } from '../../protocol/error/printable.ts';
import { boundedLines, TOO_LONG } from './bounded-lines.ts';
import { errorText, perform } from '../../inspect/codec-port/operations.ts';
import type { Registry } from '../../inspect/codec-port/registry.ts';

/** Longest request in bytes: a frame of the usual limit in hex, and something around it. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;

/**
 * Serves the codec port: one JSON object a line in, one out, in order, until the input ends. Whatever goes wrong with a request is its answer.
 *
 * @param input UTF-8
 * @param output is not ended
 * @param maxLineBytes longer requests are skipped and answered with ERR_USAGE. @default 256 MiB
 * @throws only what the streams themselves throw
 * @see codec-port.md
 */
export async function servePort(
  input: AsyncIterable<Uint8Array | string>,
  output: Writable,
  registry: Registry,
  maxLineBytes: number = MAX_LINE_BYTES,
): Promise<void> {
  for await (const line of boundedLines(input, maxLineBytes)) {
    if (output.closed) return;
    if (!output.write(`${answer(line, registry)}\n`)) await drained(output);
  }
}

/** Waits until the output takes more, or never will. */
async function drained(output: Writable): Promise<void> {
  const done = new AbortController();
  const options = { signal: done.signal };
  try {
    await Promise.race([once(output, 'drain', options), once(output, 'close', options)]);
  } finally {
    done.abort();
  }
}

/** The answer to one line, as JSON text. */
export function answer(line: string | typeof TOO_LONG, registry: Registry): string {
  let echo: object = {};
  try {
    const request = parse(line);
    if (request['id'] !== undefined) echo = { id: request['id'] };
    return stringify({ ok: true, ...echo, ...perform(request, registry) });
  } catch (error) {
    return stringify({ ok: false, ...echo, error: errorText(error) });
  }
}

function parse(line: string | typeof TOO_LONG): Readonly<Record<string, unknown>> {
  if (line === TOO_LONG) throw new UsageError('ERR_USAGE', {}, 'the line is too long');
  let request: unknown;
  try {
    request = JSON.parse(line);
  } catch (cause) {
    throw new UsageError('ERR_USAGE', { cause }, `malformed JSON: ${(cause as Error).message}`);
  }
  if (typeof request !== 'object' || request === null || Array.isArray(request)) {
    throw new UsageError('ERR_USAGE', {}, 'expected a JSON object, for example {"op":"ping"}');
  }
  return request as Readonly<Record<string, unknown>>;
}

/** JSON escapes lone surrogates; a bigint that a form left as it was becomes a decimal string. */
function stringify(value: object): string {
  return jsonLine(value);
}
