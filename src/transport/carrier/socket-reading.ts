import { type OnReadOpts, Socket } from 'node:net';
import type { SocketLink } from './socket-link.ts';

/** What one read takes at most. Larger buffers lose a quarter of the throughput on small messages. @see performance.md L13 */
const READ_BYTES = 64 * 1024;

let sharedBuffer: Buffer | undefined;

/**
 * The one read buffer of the process: reads are delivered before the next one begins, so that an idle connection needs none of its own.
 *
 * @see performance.md L6
 */
function sharedReadBuffer(): Buffer {
  sharedBuffer ??= Buffer.allocUnsafeSlow(READ_BYTES);
  return sharedBuffer;
}

let lastRead: Buffer | undefined;

/** What was read into the shared buffer. A view costs more than the messages in it, and callers that wait for each answer get as many bytes each time. */
function viewOfRead(count: number): Buffer {
  if (lastRead?.length !== count) lastRead = sharedReadBuffer().subarray(0, count);
  return lastRead;
}

/** Lets the system read straight into the sink's memory, or else into the shared buffer. */
export interface InPlaceReader {
  /** The option of the same name of a socket. */
  readonly onread: OnReadOpts;
  /** Returns true once a socket took {@link onread}: it asks for a buffer while it is made. */
  isInstalled(): boolean;
  /** Sets the link that is fed. */
  attach(link: SocketLink): void;
}

/** Returns a reader for one socket. It is made before the socket, and so before its link. Idle connections hold two closures of it, and nothing else. */
export function inPlaceReader(): InPlaceReader {
  let link: SocketLink | null = null;
  let target: Buffer | null = null;
  let asked = false;
  return {
    onread: {
      buffer: () => {
        asked = true;
        target = link?.readTarget() ?? null;
        return target ?? sharedReadBuffer();
      },
      callback: (count) => {
        if (target) link?.filled(count);
        else link?.received(viewOfRead(count));
        return true;
      },
    },
    isInstalled: () => asked,
    attach: (fed) => {
      link = fed;
    },
  };
}

/** Feeds a link from the 'data' events of its socket: works everywhere, copies what the sink wants in place. */
export function readFromEvents(socket: Socket, link: SocketLink): void {
  socket.on('data', (chunk: Buffer) => {
    let rest = chunk;
    for (let target = link.readTarget(); target; target = link.readTarget()) {
      const count = rest.copy(target);
      rest = rest.subarray(count);
      link.filled(count);
      if (rest.length === 0) return;
      if (!link.isPaused) continue;
      // The sink paused in the middle of a chunk: the rest is read again after it resumes.
      socket.unshift(rest);
      return;
    }
    link.received(rest);
  });
}

/**
 * Wraps an accepted, paused socket anew so that it reads in place, which servers have no public option for.
 *
 * @returns null where this version of the platform does not allow it: the socket is as it was
 */
export function rewrapForReading(accepted: Socket, reader: InPlaceReader): Socket | null {
  const owner = accepted as unknown as { _handle?: unknown };
  const handle = owner._handle;
  if (typeof handle !== 'object' || handle === null || !('useUserBuffer' in handle)) return null;
  const socket = new Socket({ handle, onread: reader.onread } as ConstructorParameters<typeof Socket>[0]);
  // Two sockets with one handle would both close it.
  owner._handle = null;
  accepted.destroy();
  return socket;
}
