import { createReadStream, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { detectInput, type Input } from '../inspect/capture/detect-input.ts';
import { parseHexText } from '../inspect/capture/hex-text.ts';
import { UsageError } from '../protocol/error/transport-error.ts';

/** Bytes of a file that are read at once. */
const READ_BYTES = 256 * 1024;

/**
 * Opens the input of `ostp decode`: a file, hex, or standard input for `-` and without an argument.
 *
 * @throws ERR_USAGE when it is neither a file nor hex, and what reading the file throws
 */
export async function openInput(argument: string | undefined, stdin: Readable): Promise<Input> {
  if (argument === undefined || argument === '-') return detectInput(stdin);
  const found = await statOf(argument);
  if (found?.isDirectory() === true) throw new UsageError('ERR_USAGE', {}, `'${argument}' is a directory, expected a file`);
  if (found !== null) return detectInput(createReadStream(argument, { highWaterMark: READ_BYTES }));
  const bytes = parseHexText(argument);
  if (bytes !== null) return { kind: 'stream', chunks: [bytes] };
  throw new UsageError('ERR_USAGE', {}, `expected a file or hex, got '${shortened(argument)}': no such file, and not hex`);
}

/** Codes of texts that cannot be the name of a file. */
const NO_FILE: readonly unknown[] = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE'];

async function statOf(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (NO_FILE.includes((error as NodeJS.ErrnoException).code)) return null;
    throw error;
  }
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
