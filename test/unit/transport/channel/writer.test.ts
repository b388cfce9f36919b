import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { beginFrameWith, compressBody, endFrame } from '../../../../src/protocol/frame/native/encoder.ts';
import { STATUS } from '../../../../src/protocol/frame/native/fixed-header.ts';
import { MessageReader } from '../../../../src/protocol/frame/native/message.ts';
import { V_3_9_0 } from '../../../../src/protocol/wire/version.ts';
import { Writer } from '../../../../src/transport/channel/writer.ts';
import type { WriterHost } from '../../../../src/transport/channel/writer-host.ts';
import { SLAB_BYTES, takeSlab } from '../../../../src/transport/channel/slab-pool.ts';
import { tempo } from '../../../../src/transport/channel/tempo.ts';
import { RecordingLink } from '../../../support/recording-link.ts';
import { seededRandom } from '../../../../src/testing/seeded-random.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const channel = (isAlone: boolean) => ({ isAlone, onStreamError: () => undefined, onStuck: () => undefined, onStreamEnd: () => undefined });

function writerOver(link: RecordingLink, host: WriterHost = channel(false)): Writer {
  return new Writer(link, host);
}

/** The tempo of the process stands still: tests are quick, callers that wait for answers are not. */
function setTempo(quiet: boolean): void {
  vi.spyOn(tempo, 'count').mockImplementation(() => undefined);
  tempo.quiet = quiet;
}

function put(writer: Writer, ...parts: Uint8Array[]): number {
  const output = writer.begin(V_3_9_0, V_3_9_0);
  for (const part of parts) output.writeBytes(part);
  return writer.commit();
}

function bytes(size: number, seed = 1): Buffer {
  return Buffer.from(Uint8Array.from({ length: size }, (_, i) => i * 7 + seed));
}

describe('flushes', () => {
  test('12 messages, then 48, then 192, then the rest at the end of the tick', async () => {
    const link = new RecordingLink();
    const writer = writerOver(link);
    for (let i = 0; i < 300; i++) put(writer, Buffer.of(i));
    expect(link.writes.map(({ length }) => length)).toEqual([12, 48, 192]);
    expect([writer.sequence, writer.sentSequence, writer.bufferedBytes]).toEqual([300, 252, 300]);
    await setImmediate();
    expect(link.writes.map(({ length }) => length)).toEqual([12, 48, 192, 48]);
    expect(writer.sentSequence).toBe(300);
    for (let i = 0; i < 13; i++) put(writer, Buffer.of(i));
    expect(link.writes.at(-1)).toHaveLength(12);
    await setImmediate();
    expect(
      link.bytes.equals(Buffer.from([...Array.from({ length: 300 }, (_, i) => i & 0xff), ...Array.from({ length: 13 }, (_, i) => i)])),
    ).toBe(true);
  });

  test('one message a tick is one write', async () => {
    const link = new RecordingLink();
    const writer = writerOver(link);
    for (let i = 0; i < 5; i++) {
      put(writer, bytes(100, i));
      await setImmediate();
    }
    expect(link.writes).toHaveLength(5);
  });

  test('after four ticks with nothing else under way a message leaves at once', async () => {
    setTempo(true);
    const link = new RecordingLink();
    const writer = writerOver(link, channel(true));
    for (let i = 1; i < 4; i++) {
      put(writer, bytes(100, i));
      expect(link.writes).toHaveLength(i - 1);
      await setImmediate();
    }
    put(writer, bytes(100, 4));
    expect(link.writes).toHaveLength(4);
    expect([writer.sentSequence, writer.bufferedBytes]).toEqual([4, 400]);
    link.take();
    await setImmediate();
    expect(link.writes).toHaveLength(4);
  });

  test('one with others under way waits for them, and begins the count anew', async () => {
    setTempo(true);
    const link = new RecordingLink();
    const host = channel(true);
    const writer = writerOver(link, host);
    for (let i = 0; i < 5; i++) {
      put(writer, bytes(100, i));
      await setImmediate();
    }
    host.isAlone = false;
    put(writer, bytes(100));
    put(writer, bytes(100));
    expect(link.writes).toHaveLength(5);
    await setImmediate();
    expect(link.writes.map(({ length }) => length)).toEqual([100, 100, 100, 100, 100, 200]);
    host.isAlone = true;
    put(writer, bytes(100));
    expect(link.writes).toHaveLength(6);
    await setImmediate();
  });

  test('in a busy process nothing leaves at once', async () => {
    setTempo(false);
    const link = new RecordingLink();
    const writer = writerOver(link, channel(true));
    for (let i = 0; i < 6; i++) {
      put(writer, bytes(100, i));
      expect(link.writes).toHaveLength(i);
      await setImmediate();
    }
  });

  test('pings leave with the messages around them, in order', async () => {
    const link = new RecordingLink();
    const writer = writerOver(link);
    put(writer, Buffer.from('aa', 'hex'));
    writer.ping();
    put(writer, Buffer.from('bb', 'hex'));
    await setImmediate();
    expect(link.writes.map((write) => write.toString('hex'))).toEqual(['aa4553ffffffffbb']);
  });

  test('a plain text goes out at once, behind what is queued', () => {
    const link = new RecordingLink();
    const writer = writerOver(link);
    put(writer, Buffer.from('aa', 'hex'));
    writer.writeRaw(Buffer.from('text'));
    expect(link.bytes.toString('latin1')).toBe('\xaatext');
  });
});

describe('messages that end where a slab ends', () => {
  test.each([1_100, 1_500, 4_165, 12_000, 16_000])('of %i bytes: a hundred of a tick share slabs, and so their writes', async (size) => {
    const link = new RecordingLink();
    const writer = writerOver(link);
    for (let i = 0; i < 100; i++) put(writer, bytes(size, i));
    await setImmediate();
    const slabs = Math.ceil(100 / Math.floor(SLAB_BYTES / size));
    // An early flush cuts a slab in two.
    expect(link.writes.length).toBeLessThanOrEqual(slabs + 3);
    expect(link.bytes.equals(Buffer.concat(Array.from({ length: 100 }, (_, i) => bytes(size, i))))).toBe(true);
  });

  test('at any moment: sent is what the link has, buffered is all that is on its way', () => {
    const link = new RecordingLink();
    const writer = writerOver(link);
    const random = seededRandom(11);
    const ends = [0];
    for (let i = 0; i < 800; i++) {
      const parts = Array.from({ length: 1 + Math.floor(random() * 3) }, () => bytes(Math.floor(random() ** 4 * 30_000), i));
      const written = ends[i] as number;
      put(writer, ...parts);
      ends.push(written + parts.reduce((sum, { length }) => sum + length, 0));
      expect(link.bufferedBytes).toBe(ends[writer.sentSequence]);
      expect(writer.bufferedBytes).toBe(ends[i + 1]);
      if (random() < 0.05) writer.flush();
    }
  });

  test('a frame that is small once it is compressed stays with the others', async () => {
    const link = new RecordingLink();
    const writer = writerOver(link);
    const body = Buffer.alloc(70_000);
    for (let i = 0; i < 100; i++) {
      const output = writer.begin(V_3_9_0, V_3_9_0);
      beginFrameWith(output, { action: 'demo:echo' });
      for (let at = 0; at < body.length; at += 10_000) output.writeBytes(body.subarray(at, at + 10_000));
      compressBody(output);
      endFrame(output, 0, i, STATUS.compressed, V_3_9_0, body.length);
      writer.commit();
    }
    await setImmediate();
    expect(link.writes.length).toBeLessThan(6);
    const messages = [...new MessageReader().push(link.bytes)];
    expect(messages).toHaveLength(100);
    expect(messages.every((message, i) => message !== 'ping' && message.requestId === BigInt(i) && message.body.equals(body))).toBe(true);
  });

  test('what fails to encode there is taken back', async () => {
    const link = new RecordingLink();
    const writer = writerOver(link);
    const fitting = bytes(SLAB_BYTES - 2_000);
    for (let at = 0; at < fitting.length; at += 10_000) put(writer, fitting.subarray(at, at + 10_000));
    writer.begin(V_3_9_0, V_3_9_0).writeBytes(bytes(5_000, 3));
    writer.rollback();
    put(writer, bytes(4_000, 5));
    await setImmediate();
    expect(link.bytes.equals(Buffer.concat([fitting, bytes(4_000, 5)]))).toBe(true);
    expect(writer).toMatchObject({ sequence: 8, sentSequence: 8 });
  });
});

describe('large messages', () => {
  test('what outgrows the slab, and what stands by reference, keeps its place', async () => {
    const link = new RecordingLink();
    const writer = writerOver(link);
    const random = seededRandom(3);
    const expected: Buffer[] = [];
    const reference = bytes(40_000, 9);
    for (let i = 0; i < 400; i++) {
      const kind = random();
      const parts =
        kind < 0.7
          ? [bytes(Math.floor(random() * 300), i)]
          : kind < 0.8
            ? [bytes(3, i), reference, bytes(5, i), reference]
            : kind < 0.9
              ? new Array<Buffer>(9).fill(bytes(10_000, i))
              : [...new Array<Buffer>(5).fill(bytes(15_000, i)), reference];
      put(writer, ...parts);
      expected.push(...parts);
      if (random() < 0.1) await setImmediate();
      if (random() < 0.2) link.take(Math.floor(random() * 5));
    }
    await setImmediate();
    link.take();
    expect(link.bytes.equals(Buffer.concat(expected))).toBe(true);
    expect(writer).toMatchObject({ sequence: 400, sentSequence: 400, bufferedBytes: 0 });
    expect(link.calls.filter((name) => name === 'cork')).toHaveLength(link.calls.filter((name) => name === 'uncork').length);
  });

  test('by reference means by reference: nothing is copied, and whoever waits is told once when the last part is written', async () => {
    const link = new RecordingLink();
    const writer = writerOver(link);
    const large = bytes(100_000);
    let told = 0;
    const output = writer.begin(V_3_9_0, V_3_9_0);
    output.writeBytes(Buffer.of(1));
    output.writeBytes(large);
    writer.commit(() => told++);
    await setImmediate();
    expect(told).toBe(0);
    link.take();
    expect(told).toBe(1);
  });
});

describe('what fails to encode', () => {
  test.each([10, 70_000, 200_000])('%i bytes are taken back as if they had never been', async (size) => {
    const link = new RecordingLink();
    const writer = writerOver(link);
    put(writer, Buffer.from('aa', 'hex'));
    const output = writer.begin(V_3_9_0, V_3_9_0);
    for (let left = size; left > 0; left -= 10_000) output.writeBytes(bytes(Math.min(left, 10_000)));
    output.writeBytes(bytes(50_000));
    writer.rollback();
    put(writer, Buffer.from('bb', 'hex'));
    await setImmediate();
    expect(link.bytes.toString('hex')).toBe('aabb');
    expect(writer.sequence).toBe(2);
  });
});

describe('memory', () => {
  test('a slab is used again only when every write from it has left', async () => {
    const link = new RecordingLink();
    const writer = writerOver(link);
    const expected: Buffer[] = [];
    for (let round = 0; round < 50; round++) {
      for (let i = 0; i < 30; i++) {
        const message = bytes(1 + ((round * i) % 3000), round + i);
        put(writer, message);
        expected.push(message);
      }
      await setImmediate();
      if (round % 3 === 0) link.take(7);
    }
    link.take();
    expect(link.bytes.equals(Buffer.concat(expected))).toBe(true);
  });

  test('flushes of a few bytes that the link does not take share a slab', async () => {
    const link = new RecordingLink();
    const writer = writerOver(link);
    const free = takeSlab();
    free.retire();
    for (let i = 0; i < 1000; i++) {
      put(writer, bytes(30, i));
      await setImmediate();
    }
    expect(link.writes).toHaveLength(1000);
    expect(new Set(link.given.map(({ buffer }) => buffer)).size).toBe(1);
    link.take();
    expect(link.bytes.equals(Buffer.concat(Array.from({ length: 1000 }, (_, i) => bytes(30, i))))).toBe(true);
    put(writer, bytes(30));
    await setImmediate();
    expect(link.given.at(-1)?.byteOffset).toBe(0);
  });

  test('a slab that is still being written is not handed out', () => {
    const slab = takeSlab();
    expect(slab.span(0, 5)).toEqual(slab.bytes.subarray(0, 5));
    expect(slab.span(5, 10)).toEqual(slab.bytes.subarray(5, 10));
    slab.retire();
    slab.written();
    const others = [takeSlab(), takeSlab()];
    expect(others).not.toContain(slab);
    slab.written();
    expect(takeSlab()).toBe(slab);
    expect(slab).toMatchObject({ used: 0 });
    expect(slab.bytes).toHaveLength(SLAB_BYTES);
    for (const one of [slab, ...others]) one.retire();
  });
});

describe('closing while a frame is written', () => {
  test('leaves its memory to whoever goes on writing it', () => {
    const [closed, other] = [new RecordingLink(), new RecordingLink()];
    const [first, second] = [writerOver(closed), writerOver(other)];
    const output = first.begin(V_3_9_0, V_3_9_0);
    output.writeBytes(bytes(10));
    first.close();
    put(second, bytes(40, 3));
    output.writeBytes(Buffer.alloc(100, 0xee));
    first.rollback();
    second.flush();
    expect(other.bytes).toEqual(bytes(40, 3));
    expect(closed.writes).toHaveLength(0);
  });
});

describe('back-pressure', () => {
  test('is told by the link and ends with its drain', async () => {
    const link = new RecordingLink();
    link.highWaterBytes = 1000;
    const writer = writerOver(link);
    put(writer, bytes(500));
    await setImmediate();
    expect(writer.isBlocked).toBe(false);
    put(writer, bytes(500));
    expect(writer).toMatchObject({ isBlocked: false, bufferedBytes: 1000 });
    await setImmediate();
    expect(writer.isBlocked).toBe(true);
    writer.onDrain();
    expect(writer.isBlocked).toBe(false);
  });

  test('is told once, and messages gather until the drain', async () => {
    const link = new RecordingLink();
    link.highWaterBytes = 1000;
    const onStuck = vi.fn();
    const writer = writerOver(link, { ...channel(false), onStuck });
    put(writer, bytes(1000));
    await setImmediate();
    expect(onStuck).toHaveBeenCalledTimes(1);
    for (let i = 0; i < 100; i++) {
      put(writer, bytes(6, i));
      await setImmediate();
    }
    expect(link.writes).toHaveLength(1);
    expect(writer).toMatchObject({ sentSequence: 1, bufferedBytes: 1600, isGathering: false });
    link.take();
    writer.onDrain();
    await setImmediate();
    expect(link.writes.map(({ length }) => length)).toEqual([1000, 600]);
    expect(link.bytes.equals(Buffer.concat([bytes(1000), ...Array.from({ length: 100 }, (_, i) => bytes(6, i))]))).toBe(true);
    expect(onStuck).toHaveBeenCalledTimes(1);
  });

  test('what gathers beyond a slab is handed over, and all of it when the channel closes', async () => {
    const link = new RecordingLink();
    link.highWaterBytes = 1000;
    const writer = writerOver(link);
    put(writer, bytes(1000));
    await setImmediate();
    const messages = Array.from({ length: 200 }, (_, i) => bytes(1000, i));
    for (const message of messages) {
      put(writer, message);
      await setImmediate();
    }
    expect(link.writes.length).toBeLessThan(5);
    writer.flush();
    expect(link.bytes.equals(Buffer.concat([bytes(1000), ...messages]))).toBe(true);
  });

  test('after close nothing is written any more', async () => {
    const link = new RecordingLink();
    const writer = writerOver(link);
    put(writer, Buffer.of(1));
    writer.close();
    writer.ping();
    writer.writeRaw(Buffer.of(2));
    await setImmediate();
    expect(link.writes).toEqual([]);
    expect(writer.sentSequence).toBe(0);
  });
});
