import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { type Message, MessageReader } from '../../src/protocol/frame/native/message.ts';
import { goldenVectors } from '../vectors/load.ts';

/** A bare socket that collects what comes, as someone sees it who knows frames but none of our classes. */
export class RawPeer {
  readonly socket: Socket;
  received: Buffer = Buffer.alloc(0);
  /** How the connection ended, once it did. */
  ended: 'end' | 'reset' | null = null;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
    });
    socket.on('end', () => {
      this.ended ??= 'end';
    });
    socket.on('error', () => {
      this.ended = 'reset';
    });
    socket.on('close', () => {
      this.ended ??= 'end';
    });
  }

  static dial(port: number): Promise<RawPeer> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
      socket.once('connect', () => resolve(new RawPeer(socket)));
      socket.once('error', reject);
    });
  }

  send(...parts: Uint8Array[]): void {
    this.socket.write(Buffer.concat(parts));
  }

  /** What came, as messages. @throws when it is no sequence of frames */
  get messages(): (Message | 'ping')[] {
    return [...new MessageReader().push(this.received)];
  }

  /** Waits until so many messages and pings have come. */
  async hear(count: number, withinMs = 3000): Promise<(Message | 'ping')[]> {
    await until(`${count} messages`, () => this.messages.length >= count, withinMs);
    return this.messages;
  }

  /** Waits until the other end is gone, and says how. */
  async gone(withinMs = 3000): Promise<'end' | 'reset'> {
    await until('the end', () => this.ended !== null, withinMs);
    return this.ended as 'end' | 'reset';
  }

  close(): void {
    this.socket.destroy();
  }

  reset(): void {
    this.socket.resetAndDestroy();
  }
}

/** A bare server on a free port: each connection is handed over as a peer. */
export async function rawServer(onPeer: (peer: RawPeer) => void): Promise<{ port: number; peers: RawPeer[]; close(): Promise<void> }> {
  const peers: RawPeer[] = [];
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const peer = new RawPeer(socket);
    peers.push(peer);
    onPeer(peer);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const close = (): Promise<void> => {
    for (const peer of peers) peer.close();
    return new Promise((resolve) => {
      server.close(() => resolve());
    });
  };
  return { port: (server.address() as AddressInfo).port, peers, close };
}

/** Waits for a condition. @throws when it does not come true in time */
export async function until(what: string, isTrue: () => boolean, withinMs = 3000): Promise<void> {
  const last = performance.now() + withinMs;
  while (!isTrue()) {
    if (performance.now() > last) throw new Error(`${what} did not come within ${withinMs} ms`);
    await new Promise((resolve) => {
      setTimeout(resolve, 2);
    });
  }
}

function golden(id: string): Buffer {
  const vector = goldenVectors('3.9.0').find((one) => one.id === id);
  if (vector === undefined) throw new Error(`no vector ${id}`);
  return Buffer.from(vector.hex, 'hex');
}

/** What a 3.9.0 node sends first. */
export const HANDSHAKE: Buffer = golden('frame.tcpHandshake.request');
/** What it sends next. */
export const TRANSPORT_HANDSHAKE: Buffer = golden('frame.transportHandshake.request');
/** What it answers to both. */
export const HANDSHAKE_ANSWER: Buffer = golden('frame.tcpHandshake.response.3.9.0');
export const TRANSPORT_HANDSHAKE_ANSWER: Buffer = golden('frame.transportHandshake.response.3.9.0');

/** A copy of a frame with another id. */
export function withId(frame: Buffer, id: bigint): Buffer {
  const copy = Buffer.from(frame);
  copy.writeBigInt64BE(BigInt.asIntN(64, id), 6);
  return copy;
}
