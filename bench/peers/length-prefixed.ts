const PREFIX_BYTES = 4;

/** Cuts a byte stream into messages behind a 32-bit length. A message's chunks are joined once, when the last has arrived. */
export class LengthPrefixed {
  readonly #message: (bytes: Buffer) => void;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #needed = PREFIX_BYTES;

  constructor(message: (bytes: Buffer) => void) {
    this.#message = message;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < this.#needed) return;
    let rest = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    for (;;) {
      this.#needed = PREFIX_BYTES + (rest.length >= PREFIX_BYTES ? rest.readUInt32BE(0) : 0);
      if (rest.length < this.#needed || rest.length < PREFIX_BYTES) break;
      this.#message(rest.subarray(PREFIX_BYTES, this.#needed));
      rest = rest.subarray(this.#needed);
    }
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#bytes = rest.length;
  }
}

/** The message behind its length, in one piece. */
export function lengthPrefixed(message: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(PREFIX_BYTES + message.length);
  bytes.writeUInt32BE(message.length, 0);
  bytes.set(message, PREFIX_BYTES);
  return bytes;
}
