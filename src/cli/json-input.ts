import { LimitError, UsageError } from '../protocol/error/transport-error.ts';
import { DEFAULT_LIMITS } from '../protocol/wire/limits.ts';
import type { Context } from './context.ts';
import { tellWaiting } from './waiting.ts';

/** An argument, or standard input where it is `-`. @throws ERR_LIMIT */
export async function readText(argument: string, context: Context): Promise<string> {
  if (argument !== '-') return argument;
  await tellWaiting(context, 'JSON');
  const most = 2 * DEFAULT_LIMITS.maxFrameBytes;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of context.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > most) throw new LimitError('ERR_LIMIT', {}, `more than ${most} bytes on standard input`);
  }
  return Buffer.concat(chunks, size).toString('utf8');
}

/** @param what it is, for the error. @throws ERR_USAGE */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError('ERR_USAGE', { cause }, `${what}: malformed JSON: ${(cause as Error).message}`);
  }
}
