import { afterEach, describe, expect, test } from 'vitest';
import { createServer, type Server } from '../../../../src/index.ts';
import { STATUS } from '../../../../src/protocol/frame/native/fixed-header.ts';
import type { LinkSink } from '../../../../src/transport/carrier/link.ts';
import { memoryCarrier } from '../../../../src/transport/carrier/memory.ts';
import { until } from '../../../support/raw-peer.ts';
import { capture, type CapturedFrame, releases } from '../../../vectors/load.ts';

const STATUS_AT = 14;
let server: Server | null = null;

afterEach(async () => {
  await server?.close({ drainMs: 0 });
  server = null;
});

/** What came over a link until it was silent or over. */
class Heard implements LinkSink {
  bytes = Buffer.alloc(0);
  isOver = false;

  onBytes(chunk: Buffer): void {
    this.bytes = Buffer.concat([this.bytes, chunk]);
  }

  readTarget(): null {
    return null;
  }

  onFilled(): void {}

  onDrain(): void {}

  onClose(): void {
    this.isOver = true;
  }
}

interface Exchange {
  readonly name: string;
  readonly request: Buffer;
  /** Null when the node closed the connection. */
  readonly answer: Buffer | null;
}

/** The TCP handshakes of a capture, each with the answer of the genuine node. */
function exchanges(release: (typeof releases)[number]): Exchange[] {
  const found: Exchange[] = [];
  let name = '';
  const { frames } = capture(release, 'client-handshakes');
  frames.forEach((frame, at) => {
    if ('event' in frame) {
      if (!frame.event.startsWith('socket')) name = frame.event;
      return;
    }
    const { bytes, dir, socket } = frame as CapturedFrame;
    if (dir !== 'client->node' || ((bytes[STATUS_AT] as number) & STATUS.handshake) === 0) return;
    const next = frames[at + 1];
    const isAnswered = next !== undefined && 'bytes' in next && next.dir === 'node->client' && next.socket === socket;
    found.push({ name: `${name} (${found.length})`, request: bytes, answer: isAnswered ? next.bytes : null });
  });
  return found;
}

describe.each(releases)('a server that claims to be %s', (release) => {
  test.each(exchanges(release))('answers the handshake "$name" as that node did', async ({ request, answer }) => {
    const carrier = memoryCarrier();
    server = createServer({ carrier, version: release });
    const heard = new Heard();
    const link = await carrier.dial(await server.listen(0), () => heard);
    link.write(request);
    await until('an answer or the end', () => heard.isOver || heard.bytes.length > 0);
    if (answer === null) expect([heard.isOver, heard.bytes.toString('hex')]).toEqual([true, '']);
    // The text of an error, with its stack, is a node's own.
    else if (((answer[STATUS_AT] as number) & STATUS.error) !== 0) expect(heard.bytes[STATUS_AT]).toBe(answer[STATUS_AT]);
    // A node sends request headers back.
    else if (hasHeaders(request)) expect(heard.bytes.subarray(-4)).toEqual(answer.subarray(-4));
    else expect(comparable(heard.bytes)).toBe(comparable(answer));
  });
});

/** Whether there are request headers: the first count of the variable header. */
function hasHeaders(frame: Buffer): boolean {
  return frame[23] !== 0;
}

/** Whole, but of a compressed frame its header: bodies may be deflated in other ways. */
function comparable(frame: Buffer): string {
  return ((frame[STATUS_AT] as number) & STATUS.compressed) === 0 ? frame.toString('hex') : frame.subarray(6, 23).toString('hex');
}
