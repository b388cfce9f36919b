import { coder, type Library, sharedCases, touchMessage } from '../corpus/codec.ts';
import type { Message } from '../corpus/values.ts';

const encode = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const decode = (bytes: Uint8Array): unknown => JSON.parse(asBuffer(bytes).toString());

/** JSON.stringify and JSON.parse; bytes as base64. */
export const json: Library = {
  name: 'JSON',
  packages: [],
  cases: sharedCases({
    message: coder<Message>(encodeMessage, decodeMessage, touchMessage),
    text: coder<string>(
      encode,
      (bytes) => decode(bytes) as string,
      (text) => text.length,
    ),
    numbers: coder<readonly number[]>(
      encode,
      (bytes) => decode(bytes) as number[],
      (numbers) => numbers[0] as number,
    ),
    document: coder<Record<string, unknown>>(
      encode,
      (bytes) => decode(bytes) as Record<string, unknown>,
      (document) => document['count'] as number,
    ),
  }),
};

function encodeMessage({ id, action, headers, body }: Message): Buffer {
  return encode({ id, action, headers, body: asBuffer(body).toString('base64') });
}

function decodeMessage(bytes: Uint8Array): Message {
  const { id, action, headers, body } = decode(bytes) as Omit<Message, 'body'> & { body: string };
  return { id, action, headers, body: Buffer.from(body, 'base64') };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
