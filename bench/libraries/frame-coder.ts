import {
  DECODED,
  endFrame,
  HeaderNames,
  highWord,
  NativeDecoder,
  RequestHead,
  StreamInput,
  StreamOutput,
} from 'opensearch-transport/protocol';
import { type MessageCoder, type Operation, touchHeaders } from '../corpus/codec.ts';
import { type Message, NO_HEADERS } from '../corpus/values.ts';

const SLAB_BYTES = 128 * 1024;
const MAX_FRAME_BYTES = 1024 ** 2;
const REQUEST = 0;

/** Requests as a channel writes and reads them: into a slab, and many from one chunk, where their bodies are read in place. */
export function frameCoder(): MessageCoder {
  const output = new StreamOutput();
  const slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  const { version } = output;
  const heads = new Map<string, RequestHead>();
  const names = new HeaderNames();
  // As a channel does: calls repeat the action of the last one.
  let last = '';
  let head = new RequestHead(last, names);
  const headOf = (action: string): RequestHead => {
    last = action;
    head = heads.get(action) ?? new RequestHead(action, names);
    heads.set(action, head);
    return head;
  };

  const encode = ({ id, action, headers, body }: Message): number => {
    output.lend(slab, 0, version, version);
    const begun = action === last ? head : headOf(action);
    begun.begin(output, headers === NO_HEADERS ? null : headers);
    output.writeBytes(body);
    endFrame(output, highWord(id), id | 0, REQUEST, version, MAX_FRAME_BYTES);
    return output.size;
  };
  return {
    encode,
    bytes: (message) => slab.subarray(0, encode(message)),
    decoding: (encoded) => readingChunks([Buffer.concat(encoded)]),
    decodingChunks: (encoded, chunkBytes) => readingChunks(chunkBytes === 0 ? encoded.map(asBuffer) : chunksOf(encoded, chunkBytes)),
    values: (encoded) => {
      const reader = new RingReader([Buffer.concat(encoded)]);
      return encoded.map(() => reader.next());
    },
  };
}

/** Reads messages from a ring of chunks, one for each call. */
class RingReader {
  readonly decoder = new NativeDecoder();
  /** The body of the message, as the codec of an action is given it. */
  readonly input = new StreamInput(Buffer.alloc(0));
  readonly #chunks: readonly Buffer[];
  #at = 0;

  constructor(chunks: readonly Buffer[]) {
    this.#chunks = chunks;
  }

  /** The message lies in {@link decoder} and {@link input} until the next call. */
  read(): void {
    const { decoder } = this;
    for (let found = decoder.next(); found !== DECODED.body; found = decoder.next()) {
      if (found === DECODED.needMore) decoder.push(this.#nextChunk());
    }
    const { version } = decoder;
    this.input.reset(decoder.body, decoder.bodyStart, decoder.bodyEnd, version, version, decoder.bodyOwned);
  }

  next(): Message {
    this.read();
    const { requestId: id, variable } = this.decoder;
    return { id, action: variable.action, headers: variable.requestHeaders, body: this.input.takeBytes(this.input.remaining) };
  }

  #nextChunk(): Buffer {
    const chunk = this.#chunks[this.#at] as Buffer;
    this.#at = (this.#at + 1) % this.#chunks.length;
    return chunk;
  }
}

function readingChunks(chunks: readonly Buffer[]): Operation {
  const reader = new RingReader(chunks);
  const { decoder, input } = reader;
  return () => {
    reader.read();
    const { requestId, variable } = decoder;
    return requestId + variable.action.length + input.remaining + touchHeaders(variable.requestHeaders);
  };
}

/** One message behind the other, cut into chunks. */
function chunksOf(encoded: readonly Uint8Array[], chunkBytes: number): Buffer[] {
  const stream = Buffer.concat(encoded);
  const chunks: Buffer[] = [];
  for (let at = 0; at < stream.length; at += chunkBytes) chunks.push(stream.subarray(at, at + chunkBytes));
  return chunks;
}

function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}
