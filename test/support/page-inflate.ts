import { constants, createInflateRaw, type InflateRaw } from 'node:zlib';

/** Pages that a genuine node inflates into. @see wire-format.md §5 */
const PAGE_BYTES = 16 * 1024;

interface RawInflate extends InflateRaw {
  readonly _handle: {
    writeSync(flush: number, input: Buffer, at: number, count: number, output: Buffer, outAt: number, outCount: number): void;
  };
  readonly _writeState: Uint32Array;
}

/**
 * Inflates as a genuine node does: a page at a time, and no further once the input is used up. What still waits inside the inflater then is lost.
 *
 * @see wire-format.md §5
 */
export function pageInflate(stream: Buffer): Buffer {
  const inflater = createInflateRaw() as RawInflate;
  const pages: Buffer[] = [];
  let left = stream.length;
  let begun = Buffer.alloc(0);
  try {
    while (left > 0) {
      const page = Buffer.alloc(PAGE_BYTES - begun.length);
      inflater._handle.writeSync(constants.Z_SYNC_FLUSH, stream, stream.length - left, left, page, 0, page.length);
      const [room = 0, unread = 0] = inflater._writeState;
      const written = page.length - room;
      if (written === 0 && unread === left) break;
      left = unread;
      begun = Buffer.concat([begun, page.subarray(0, written)]);
      if (begun.length < PAGE_BYTES) continue;
      pages.push(begun);
      begun = Buffer.alloc(0);
    }
  } finally {
    inflater.close();
  }
  return Buffer.concat([...pages, begun]);
}
