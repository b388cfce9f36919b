import { createGunzip } from 'node:zlib';
import { LimitError, UsageError } from '../../protocol/error/transport-error.ts';
import { ByteSource } from './byte-source.ts';
import type { Packet } from './packet.ts';
import { isPcap, readPcap } from './pcap.ts';
import { isPcapng, readPcapng } from './pcapng.ts';
import { parseHexText } from './hex-text.ts';

/** An input to decode: packets in batches, or a stream of bytes. */
export type Input =
  | { readonly kind: 'packets'; readonly packets: AsyncIterable<readonly Packet[]> }
  | { readonly kind: 'stream'; readonly chunks: AsyncIterable<Buffer> | Iterable<Buffer> };

/** Hex text is read whole; frames and captures are not. */
const MAX_HEX_CHARS = 256 * 1024 * 1024;

const HEAD_BYTES = 4096;
const GZIP_MAGIC = 0x1f8b;

/**
 * Finds out what a stream of bytes is: a capture, hex text or frames; gzip around it is taken off.
 *
 * @throws ERR_USAGE when it is empty
 */
export function detectInput(chunks: AsyncIterable<Buffer>): Promise<Input> {
  return inputOf(new ByteSource(chunks));
}

async function inputOf(source: ByteSource): Promise<Input> {
  const head = await source.peek(HEAD_BYTES);
  if (head.length === 0) throw new UsageError('ERR_USAGE', {}, 'the input is empty, expected a capture, frames or hex');
  if (head.length > 2 && head.readUInt16BE(0) === GZIP_MAGIC) return inputOf(new ByteSource(unzipped(source)));
  if (isPcap(head)) return { kind: 'packets', packets: readPcap(source) };
  if (isPcapng(head)) return { kind: 'packets', packets: readPcapng(source) };
  if (!isText(head)) return { kind: 'stream', chunks: source.rest() };
  const text = await wholeText(source);
  return { kind: 'stream', chunks: [parseHexText(text) ?? Buffer.from(text, 'latin1')] };
}

/** Hex digits and what may stand between and beside them; a frame has a zero byte among its first. */
function isText(head: Buffer): boolean {
  return /^[\t\n\r\x20-\x7e]*$/.test(head.toString('latin1'));
}

async function* unzipped(source: ByteSource): AsyncGenerator<Buffer, void, undefined> {
  const gunzip = createGunzip();
  const feeding = feed(source, gunzip);
  yield* gunzip as AsyncIterable<Buffer>;
  await feeding;
}

async function feed(source: ByteSource, gunzip: ReturnType<typeof createGunzip>): Promise<void> {
  try {
    for await (const chunk of source.rest()) {
      if (!gunzip.write(chunk)) await new Promise((resolve) => gunzip.once('drain', resolve));
    }
    gunzip.end();
  } catch (error) {
    gunzip.destroy(error as Error);
  }
}

async function wholeText(source: ByteSource): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source.rest()) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_HEX_CHARS)
      throw new LimitError('ERR_LIMIT', {}, `hex text may have at most ${MAX_HEX_CHARS} characters; decode the bytes instead`);
  }
  return Buffer.concat(chunks, size).toString('latin1');
}
