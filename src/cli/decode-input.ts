import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { detectInput, type Input } from '../inspect/capture/detect-input.ts';
import { parseHexText } from '../inspect/capture/hex-text.ts';
import { UsageError } from '../protocol/error/transport-error.ts';

/** Bytes of a file that are read at once. */
const READ_BYTES = 256 * 1024;

/**
 * Opens what `ostp decode` was given: a file, hex, or standard input for `-` and for nothing.
 *
 * @throws ERR_USAGE when it is neither a file nor hex
 */
export async function openInput(argument: string | undefined, stdin: Readable): Promise<Input> {
  if (argument === undefined || argument === '-') return detectInput(stdin);
  if (await isFile(argument)) return detectInput(createReadStream(argument, { highWaterMark: READ_BYTES }));
  const bytes = parseHexText(argument);
  if (bytes !== null) return { kind: 'stream', chunks: [bytes] };
  throw new UsageError('ERR_USAGE', {}, `'${shortened(argument)}' is neither a file nor bytes in hex`);
}

async function isFile(path: string): Promise<boolean> {
  try {
    return !(await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
