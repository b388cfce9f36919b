import { BODY_MODE, DECODED, NativeDecoder } from '../../src/protocol/frame/native/decoder.ts';

/** One thing the decoder found, as text: what can be compared whatever the chunks were. */
export interface FrameWalkOptions {
  /** What to do with the body of the n-th message. @default whole */
  readonly mode?: (message: number) => number;
  /** Whether the n-th read goes straight into the decoder's target, when it has one. @default never */
  readonly inPlace?: (read: number) => boolean;
}

/** Feeds a decoder chunks and writes down what it finds: pieces of one body are joined, so that chunkings can be compared. */
export class FrameWalk {
  readonly found: string[] = [];
  readonly decoder: NativeDecoder;
  readonly #options: FrameWalkOptions;
  #messages = 0;
  #reads = 0;
  #pieces: Buffer[] = [];

  constructor(options: FrameWalkOptions = {}, decoder: NativeDecoder = new NativeDecoder()) {
    this.#options = options;
    this.decoder = decoder;
  }

  /** The bytes come as one read, or as several where some of them go into the target. The memory is spoilt afterwards: it was borrowed. */
  feed(bytes: Uint8Array): void {
    const { inPlace = () => false } = this.#options;
    let rest = Buffer.from(bytes);
    while (rest.length > 0) {
      const target = this.decoder.target;
      if (target !== null && inPlace(this.#reads++)) {
        const count = rest.copy(target);
        this.decoder.filled(count);
        rest = rest.subarray(count);
        this.#drain();
        continue;
      }
      this.decoder.push(rest);
      this.#drain();
      rest.fill(0xaa);
      return;
    }
  }

  #drain(): void {
    const { decoder } = this;
    for (let found = decoder.next(); found !== DECODED.needMore; found = decoder.next()) this.#note(found);
  }

  #note(found: number): void {
    const { decoder, found: notes } = this;
    const body = decoder.body.subarray(decoder.bodyStart, decoder.bodyEnd);
    if (found === DECODED.ping) notes.push('ping');
    else if (found === DECODED.header) {
      const { idHigh, idLow, status, version, bodyBytes, variable } = decoder;
      notes.push(`header ${idHigh}:${idLow} ${status} ${version} ${bodyBytes} [${variable.action}]`);
      decoder.bodyMode = this.#options.mode?.(this.#messages++) ?? BODY_MODE.whole;
    } else if (found === DECODED.body) notes.push(`body ${body.toString('hex')}`);
    else if (found === DECODED.piece) this.#pieces.push(Buffer.from(body));
    else {
      notes.push(`end ${Buffer.concat(this.#pieces).toString('hex')}`);
      this.#pieces = [];
    }
  }
}
