import { describe, expect, test } from 'vitest';
import { inflateBodySync } from '../../../../../src/protocol/frame/native/compression.ts';
import { DECODED, NativeDecoder } from '../../../../../src/protocol/frame/native/decoder.ts';
import { STATUS } from '../../../../../src/protocol/frame/native/fixed-header.ts';
import { checkFrameVersion } from '../../../../../src/transport/channel/version-policy.ts';
import { goldenVectors, releases } from '../../../../vectors/load.ts';

/** What a channel does with the bytes of one frame, without a link. */
function read(bytes: Buffer, chunk: number): void {
  const decoder = new NativeDecoder();
  for (let at = 0; at < bytes.length; at += chunk) {
    decoder.push(Buffer.from(bytes.subarray(at, at + chunk)));
    for (let found = decoder.next(); found !== DECODED.needMore; found = decoder.next()) {
      if (found === DECODED.header) {
        const refused = checkFrameVersion(decoder.version, (decoder.status & STATUS.handshake) !== 0);
        if (refused !== null) throw refused;
      } else if (found === DECODED.body && (decoder.status & STATUS.compressed) !== 0) {
        inflateBodySync(Buffer.from(decoder.body.subarray(decoder.bodyStart, decoder.bodyEnd)), 1000);
      }
    }
  }
}

/** Where we differ: a node waits for bytes that can never make the frame right, and looks at the version before the variable header. */
const STRICTER: Readonly<Record<string, string>> = {
  'reject.length 1': 'ERR_BAD_LENGTH',
  'reject.unsupported version': 'ERR_HEADER_SIZE',
  'reject.compressed flag, three body bytes': 'ERR_COMPRESSION',
};

/** Where a node prints its own sizes, versions and Java classes, the beginning says enough. */
function beginningOf(message: string): string {
  if (message.startsWith('transport content length received')) return 'transport content length received';
  if (message.startsWith('Received message from unsupported version')) return 'Received message from unsupported version: [';
  return message;
}

describe.each(releases)('what %s refuses', (release) => {
  const vectors = goldenVectors(release).filter(({ check }) => check === 'reject');

  test('is all there', () => expect(vectors).toHaveLength(18));

  test.each(vectors)('$id', ({ id, hex, value }) => {
    const bytes = Buffer.from(hex, 'hex');
    const { message } = value as { message?: string };
    for (const chunk of [bytes.length, 1, 3]) {
      if (id in STRICTER) expect(() => read(bytes, chunk)).toThrow(expect.objectContaining({ code: STRICTER[id] }));
      else if (message === undefined) expect(() => read(bytes, chunk)).not.toThrow();
      else expect(() => read(bytes, chunk)).toThrow(beginningOf(message));
    }
  });
});
