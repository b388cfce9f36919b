import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteSource } from '../../../../src/inspect/capture/byte-source.ts';
import { readPcapng } from '../../../../src/inspect/capture/pcapng.ts';
import type { ConversationEvent } from '../../../../src/inspect/conversation/conversation-event.ts';
import { noCounts, readCapture } from '../../../../src/inspect/conversation/read-capture.ts';
import { readStream } from '../../../../src/inspect/conversation/read-stream.ts';
import { eventJson } from '../../../../src/inspect/render/event-json.ts';
import { eventText } from '../../../../src/inspect/render/event-text.ts';
import { plain } from '../../../../src/inspect/render/paint.ts';
import { UsageError } from '../../../../src/protocol/error/transport-error.ts';
import { capture, framesOf, packetCapture } from '../../../vectors/load.ts';

const frames = framesOf(capture('3.9.0', 'ext-init'))
  .concat(framesOf(capture('3.9.0', 'client-basics')))
  .map(({ bytes }) => bytes)
  .filter(({ length }) => length < 4_000);

async function all(batches: AsyncIterable<ConversationEvent[]>): Promise<ConversationEvent[]> {
  const found: ConversationEvent[] = [];
  for await (const events of batches) found.push(...events);
  return found;
}

const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));

function changed(bytes: Buffer, changes: readonly (readonly [number, number])[]): Buffer {
  const copy = Buffer.from(bytes);
  for (const [at, byte] of changes) copy[at % copy.length] = byte;
  return copy;
}

test('whatever is changed in a frame, it is shown as far as it can be, to its last byte', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(frames.length - 1), fc.array(change, { minLength: 1, maxLength: 4 }), async (index, changes) => {
      const bytes = changed(frames[index] as Buffer, changes);
      let end = 0;
      for (const event of await all(readStream([bytes], {}))) {
        expect(event.offset).toBe(end);
        end += event.kind === 'gap' || event.kind === 'skipped' ? event.size : event.bytes.length;
        expect(eventText(event, { paint: plain, full: true })).not.toBe('');
        expect(JSON.parse(eventJson(event))).toMatchObject({ kind: event.kind });
      }
      expect(end).toBe(bytes.length);
    }),
    { numRuns: 500 },
  );
});

test('whatever is changed in a capture, it is read or refused', async () => {
  async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
    yield bytes;
  }
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 20 }), async (changes) => {
      const packets = readPcapng(new ByteSource(once(changed(packetCapture('pingseg'), changes))));
      try {
        for (const event of await all(readCapture(packets, {}, noCounts()))) eventText(event, { paint: plain, full: true });
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
      }
    }),
    { numRuns: 300 },
  );
});
