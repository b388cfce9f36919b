/** Stands for a line that was longer than allowed. */
export const TOO_LONG: unique symbol = Symbol('line too long');

const NEWLINE = 0x0a;

/**
 * The lines of a stream of UTF-8, without their ends; the last may lack one. A line beyond the limit is dropped while it comes in and
 * gives {@link TOO_LONG} at its end.
 */
export async function* boundedLines(input: AsyncIterable<Uint8Array | string>, maxBytes: number): AsyncGenerator<string | typeof TOO_LONG> {
  let pieces: Buffer[] = [];
  let size = 0;
  const take = (): string | typeof TOO_LONG => {
    const line = size > maxBytes ? TOO_LONG : Buffer.concat(pieces).toString('utf8');
    pieces = [];
    size = 0;
    return line;
  };
  const add = (piece: Buffer): void => {
    size += piece.length;
    if (size <= maxBytes) pieces.push(piece);
    else pieces = [];
  };
  for await (const chunk of input) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, at)) {
      add(bytes.subarray(at, end));
      at = end + 1;
      yield take();
    }
    if (at < bytes.length) add(bytes.subarray(at));
  }
  if (size > 0) yield take();
}
