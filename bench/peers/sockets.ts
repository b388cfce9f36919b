import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import type { TlsFiles } from './peer.ts';

/** All benches stay on this machine. */
export const HOST = '127.0.0.1';

/** Fills a buffer of the caller's with what a socket receives. @see `onread` of node:net */
export interface OnRead {
  readonly buffer: Buffer;
  readonly callback: (bytes: number, buffer: Uint8Array) => boolean;
}

/** A server that hands over each accepted socket, without Nagle's delay, on TCP or TLS. Lost connections are no errors. */
export async function listen(tls: TlsFiles | null, accepted: (socket: Socket) => void): Promise<{ port: number; close: () => void }> {
  const sockets = new Set<Socket>();
  const accept = (socket: Socket): void => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    accepted(socket);
  };
  const server: Server = tls === null ? createServer(accept) : createTlsServer(keyPair(tls), accept);
  server.listen({ port: 0, host: HOST, backlog: 4096 });
  await once(server, 'listening');
  const close = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port: (server.address() as AddressInfo).port, close };
}

/** A connected socket without Nagle's delay. Its errors go to `fail`. */
export async function dial(port: number, tls: TlsFiles | null, fail: (error: unknown) => void, onread?: OnRead): Promise<Socket> {
  const options = { port, host: HOST, noDelay: true, ...(onread === undefined ? {} : { onread }) };
  const socket = tls === null ? connect(options) : connectTls({ ...options, rejectUnauthorized: false });
  socket.on('error', fail);
  await once(socket, tls === null ? 'connect' : 'secureConnect');
  return socket;
}

/** The PEM texts of a key pair. */
export function keyPair(tls: TlsFiles): { key: Buffer; cert: Buffer } {
  return { key: readFileSync(tls.keyFile), cert: readFileSync(tls.certFile) };
}

/** A port that was free a moment ago, for servers that cannot choose one by themselves. */
export async function freePort(): Promise<number> {
  const { port, close } = await listen(null, () => {});
  close();
  return port;
}
