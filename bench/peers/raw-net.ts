import type { Socket } from 'node:net';
import { Fifo } from './fifo.ts';
import type { Answer, ConnectOptions, Peer } from './peer.ts';
import { inTurn } from './peer.ts';
import { dial, listen } from './sockets.ts';

/** A request frame of OpenSearch's with a 40-character action has this many bytes beside its body. */
const RECORD_OVERHEAD = 67;
const READ_BYTES = 64 * 1024;
/** One chunk in 64 is compared byte by byte. */
const COMPARED_MASK = 63;
/** Read callbacks are synchronous, so one buffer does for all sockets. */
const readBuffer = Buffer.allocUnsafeSlow(READ_BYTES);

/** A bare echo: records of the same size over `node:net`, many in one write; it parses nothing, and has no promises and no ids. */
export const rawNet: Peer = {
  name: 'raw net',
  note: 'records counted, nothing parsed',
  packages: [],
  tls: true,
  stalls: true,
  serve: ({ tls, stall }) =>
    listen(tls, (socket) => {
      if (stall) socket.resume();
      else socket.on('data', (chunk) => socket.write(chunk));
    }),
  connect: async (port, connections, options) => {
    const record = Buffer.concat([Buffer.alloc(RECORD_OVERHEAD, 0x2e), options.body]);
    const block = Buffer.concat(Array.from({ length: Math.max(1, Math.floor(READ_BYTES / record.length)) }, () => record));
    const pipelines = await inTurn(connections, () => Pipeline.open(port, block, record.length, options));
    return {
      echo: (done) => pipelines.next().send(done),
      close: () => pipelines.all.forEach((pipeline) => pipeline.close()),
    };
  },
};

class Pipeline {
  readonly #options: ConnectOptions;
  readonly #recordBytes: number;
  /** As many records as one read holds, at least one, in a row. */
  readonly #block: Buffer;
  readonly #waiting = new Fifo<(answer: Answer) => void>();
  #socket: Socket | null = null;
  #unsent = 0;
  #reading = false;
  /** Bytes of the record that has begun to arrive. */
  #partial = 0;
  #chunks = 0;

  constructor(block: Buffer, recordBytes: number, options: ConnectOptions) {
    this.#options = options;
    this.#recordBytes = recordBytes;
    this.#block = block;
  }

  static async open(port: number, block: Buffer, recordBytes: number, options: ConnectOptions): Promise<Pipeline> {
    const pipeline = new Pipeline(block, recordBytes, options);
    pipeline.#socket = await dial(port, options.tls, options.fail, {
      buffer: readBuffer,
      callback: (bytes, buffer) => pipeline.#received(buffer.subarray(0, bytes)),
    });
    return pipeline;
  }

  send(done: (answer: Answer) => void): void {
    this.#waiting.push(done);
    if (this.#unsent++ === 0 && !this.#reading) setImmediate(() => this.#flush());
  }

  close(): void {
    this.#socket?.destroy();
  }

  #flush(): void {
    const perWrite = this.#block.length / this.#recordBytes;
    while (this.#unsent > 0) {
      const records = Math.min(this.#unsent, perWrite);
      this.#unsent -= records;
      this.#socket?.write(records === perWrite ? this.#block : this.#block.subarray(0, records * this.#recordBytes));
    }
  }

  #received(chunk: Uint8Array): boolean {
    if ((this.#chunks++ & COMPARED_MASK) === 0) this.#compare(chunk);
    const bytes = this.#partial + chunk.length;
    const records = Math.floor(bytes / this.#recordBytes);
    this.#partial = bytes - records * this.#recordBytes;
    this.#reading = true;
    for (let i = 0; i < records; i++) this.#waiting.shift()?.(this.#options.body);
    this.#reading = false;
    this.#flush();
    return true;
  }

  #compare(chunk: Uint8Array): void {
    const expected = this.#block.subarray(this.#partial, this.#partial + chunk.length);
    if (!expected.equals(chunk.subarray(0, expected.length))) this.#options.fail(new Error('wrong echo: other bytes'));
  }
}
