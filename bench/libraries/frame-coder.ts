import {
  beginFrame,
  beginFrameWith,
  DECODED,
  endFrame,
  NativeDecoder,
  StreamOutput,
  writeVariableHeader,
} from 'opensearch-transport/protocol';
import { type Coder, touchMessage } from '../corpus/codec.ts';
import type { Message } from '../corpus/values.ts';

const SLAB_BYTES = 128 * 1024;
const MAX_FRAME_BYTES = 1024 ** 2;
const TWO_32 = 0x1_0000_0000;
const REQUEST = 0;

/** Requests as a channel writes them: the header of an action without headers of the call is kept, others are written each time. */
export function frameCoder(): Coder<Message> {
  const output = new StreamOutput();
  const slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  const { version } = output;
  const blocks = new Map<string, Buffer>();
  const decoder = new NativeDecoder();

  const encode = ({ id, action, headers, body }: Message): number => {
    output.lend(slab, 0, version, version);
    const headerBytes = hasNone(headers)
      ? beginKept(output, kept(blocks, action))
      : beginFrameWith(output, { action, requestHeaders: headers });
    output.writeBytes(body);
    endFrame(output, headerBytes, Math.floor(id / TWO_32), id | 0, REQUEST, version, MAX_FRAME_BYTES);
    return output.size;
  };
  const decode = (bytes: Uint8Array): Message => {
    decoder.push(bytes as Buffer);
    decoder.next();
    const { requestId: id, variable } = decoder;
    if (decoder.next() !== DECODED.body) throw new Error('not one whole frame');
    const message = {
      id,
      action: variable.action,
      headers: variable.requestHeaders,
      body: decoder.body.subarray(decoder.bodyStart, decoder.bodyEnd),
    };
    decoder.next();
    return message;
  };
  return { encode, bytes: (message) => slab.subarray(0, encode(message)), decode: (bytes) => touchMessage(decode(bytes)), value: decode };
}

function hasNone(headers: Message['headers']): boolean {
  for (const _ in headers) return false;
  return true;
}

function beginKept(output: StreamOutput, block: Buffer): number {
  beginFrame(output, block);
  return block.length;
}

function kept(blocks: Map<string, Buffer>, action: string): Buffer {
  let block = blocks.get(action);
  if (block === undefined) {
    const output = new StreamOutput();
    writeVariableHeader(output, { action });
    block = output.toBuffer();
    blocks.set(action, block);
  }
  return block;
}
