import { describe, expect, test } from 'vitest';
import type { TransportError } from '../../../../src/protocol/error/transport-error.ts';
import type { StreamInput } from '../../../../src/protocol/wire/stream-input.ts';
import { StreamOutput } from '../../../../src/protocol/wire/stream-output.ts';
import { V_3_9_0 } from '../../../../src/protocol/wire/version.ts';
import { StreamHead, type StreamedMessage } from '../../../../src/transport/channel/stream-head.ts';

const VERSIONS = { version: V_3_9_0, peerVersion: V_3_9_0 };
const FLOW = { pause: () => undefined, resume: () => undefined };

/** A message of a list of names, read one by one, and a stream; it counts the bytes that were looked at. */
class NamedUpload implements StreamedMessage {
  bytesParsed = 0;
  names: string[] | null = null;
  error: TransportError | null = null;
  isAbandoned = false;

  read(input: StreamInput): () => void {
    const names: string[] = [];
    try {
      for (let left = input.readVInt(); left > 0; left--) names.push(input.readString());
      input.openTail?.(input.readVInt());
    } finally {
      this.bytesParsed += input.offset;
    }
    return () => {
      this.names = names;
    };
  }

  fail(error: TransportError): void {
    this.error = error;
  }

  abandon(): void {
    this.isAbandoned = true;
  }
}

function messageOf(names: readonly string[], content: Buffer): Buffer {
  const output = new StreamOutput({ version: V_3_9_0 });
  output.writeVInt(names.length);
  for (const name of names) output.writeString(name);
  output.writeVInt(content.length);
  output.writeBytes(content);
  return output.toBuffer();
}

function fed(message: Buffer, size: number): { upload: NamedUpload; head: StreamHead; begunAt: number } {
  const upload = new NamedUpload();
  const head = new StreamHead(upload, message.length, VERSIONS, FLOW);
  let begunAt = -1;
  for (let at = 0; at < message.length; at += size) {
    head.push(message.subarray(at, at + size));
    if (begunAt < 0 && upload.names !== null) begunAt = Math.min(at + size, message.length);
  }
  head.end();
  return { upload, head, begunAt };
}

describe('a head that comes byte by byte', () => {
  test.each([
    ['many short names', Array.from({ length: 15_000 }, (_, i) => `n${i % 100}`)],
    ['one long name', ['x'.repeat(60_000)]],
  ])('of %s costs work in proportion to its length', (_what, names) => {
    const message = messageOf(names, Buffer.alloc(20_000));
    const { upload, head } = fed(message, 1);
    head.close(null as never);
    expect(upload.names).toEqual(names);
    // At most 1 MiB, and what a head costs that grows by an eighth each time. Parsed with each byte it would be a thousand times as much.
    expect(upload.bytesParsed).toBeLessThan(1024 * 1024 + 12 * message.length);
  });

  test('is read with its last byte when it is short', () => {
    const names = Array.from({ length: 200 }, (_, i) => `n${i}`);
    const head = messageOf(names, Buffer.alloc(0)).length;
    const { begunAt } = fed(messageOf(names, Buffer.alloc(100)), 1);
    expect(begunAt).toBe(head);
  });

  test('is read with the last byte of the message at the latest', () => {
    const names = Array.from({ length: 15_000 }, (_, i) => `n${i % 100}`);
    const { upload } = fed(messageOf(names, Buffer.of(1)), 1);
    expect(upload.names).toEqual(names);
    expect(upload.error).toBeNull();
  });
});

describe('a head that cannot be read', () => {
  test('fails the message once, and the rest goes by', () => {
    const upload = new NamedUpload();
    const head = new StreamHead(upload, 100_000, VERSIONS, FLOW);
    for (let i = 0; i < 100; i++) head.push(Buffer.alloc(1000, 0xff));
    head.end();
    expect(upload.error).toMatchObject({ code: 'ERR_DECODE' });
    expect(head.isFailed).toBe(true);
    head.close(null as never);
    expect(upload.isAbandoned).toBe(false);
  });

  test('because it ends too early fails the message', () => {
    const whole = messageOf(['a', 'b'], Buffer.alloc(0));
    const { upload } = fed(whole.subarray(0, 3), 1);
    expect(upload.error).toMatchObject({ code: 'ERR_DECODE' });
  });

  test('because the channel ends gives its charge back', () => {
    const upload = new NamedUpload();
    const head = new StreamHead(upload, 100, VERSIONS, FLOW);
    head.push(Buffer.of(5));
    head.close(null as never);
    expect([upload.isAbandoned, upload.error]).toEqual([true, null]);
  });
});
