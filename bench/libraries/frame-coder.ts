import { beginFrame, DECODED, endFrame, NativeDecoder, StreamOutput, writeVariableHeader } from 'opensearch-transport/protocol';
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
    const block = hasNone(headers) ? kept(blocks, action) : variableHeader(action, headers);
    output.lend(slab, 0, version, version);
    beginFrame(output, block);
    output.writeBytes(body);
    endFrame(output, block.length, Math.floor(id / TWO_32), id | 0, REQUEST, version, MAX_FRAME_BYTES);
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

function kept(blocks: Map<string, Buffer>, action: string): Buffer {
  let block = blocks.get(action);
  if (block === undefined) blocks.set(action, (block = variableHeader(action, {})));
  return block;
}

function variableHeader(action: string, requestHeaders: Message['headers']): Buffer {
  const output = new StreamOutput();
  writeVariableHeader(output, { action, requestHeaders });
  return output.toBuffer();
}
