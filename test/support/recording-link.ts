import type { Endpoint, Link, LinkCapabilities } from '../../src/transport/carrier/link.ts';

/** A link that keeps what is written until it is told that the medium took it. */
export class RecordingLink implements Link {
  readonly capabilities: LinkCapabilities = {
    ordered: true,
    reliable: true,
    duplex: true,
    boundaries: false,
    maxMessageBytes: Infinity,
    secure: false,
  };
  readonly framing = 'native';
  readonly local: Endpoint = { host: '127.0.0.1', port: 1 };
  readonly remote: Endpoint = { host: '127.0.0.1', port: 2 };
  /** Each write, copied when it was made. */
  readonly writes: Buffer[] = [];
  /** Each write, as it was given. */
  readonly given: Uint8Array[] = [];
  readonly calls: string[] = [];
  highWaterBytes = Infinity;
  bufferedBytes = 0;
  takenBytes = 0;
  readonly #waiting: { bytes: Uint8Array; copy: Buffer; onWritten: (() => void) | undefined }[] = [];

  write(bytes: Uint8Array, onWritten?: () => void): boolean {
    const copy = Buffer.from(bytes);
    this.writes.push(copy);
    this.given.push(bytes);
    this.#waiting.push({ bytes, copy, onWritten });
    this.bufferedBytes += bytes.length;
    return this.bufferedBytes < this.highWaterBytes;
  }

  /** The medium takes so many writes. @throws when what was given had changed by then */
  take(count = Number.POSITIVE_INFINITY): void {
    for (const { bytes, copy, onWritten } of this.#waiting.splice(0, count)) {
      if (!copy.equals(bytes)) throw new Error('bytes that were given changed before they were written');
      this.bufferedBytes -= bytes.length;
      this.takenBytes += bytes.length;
      onWritten?.();
    }
  }

  /** Everything written, joined. */
  get bytes(): Buffer {
    return Buffer.concat(this.writes);
  }

  cork(): void {
    this.calls.push('cork');
  }

  uncork(): void {
    this.calls.push('uncork');
  }

  pause(): void {
    this.calls.push('pause');
  }

  resume(): void {
    this.calls.push('resume');
  }

  close(): void {
    this.calls.push('close');
  }

  abort(): void {
    this.calls.push('abort');
  }
}
