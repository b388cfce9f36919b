import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteSource } from '../../../../src/inspect/capture/byte-source.ts';
import { readPcapng } from '../../../../src/inspect/capture/pcapng.ts';
import { noCounts, readCapture } from '../../../../src/inspect/conversation/read-capture.ts';
import { readStream } from '../../../../src/inspect/conversation/read-stream.ts';
import { sightingJson } from '../../../../src/inspect/render/event-json.ts';
import { sightingText } from '../../../../src/inspect/render/event-text.ts';
import { plain } from '../../../../src/inspect/render/paint.ts';
import { UsageError } from '../../../../src/protocol/error/transport-error.ts';
import { capture, framesOf, packetCapture } from '../../../vectors/load.ts';

const frames = framesOf(capture('3.9.0', 'ext-init'))
  .concat(framesOf(capture('3.9.0', 'client-basics')))
  .map(({ bytes }) => bytes)
  .filter(({ length }) => length < 4_000);

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
      for await (const sighting of readStream([bytes], {})) {
        expect(sighting.offset).toBe(end);
        end += sighting.kind === 'gap' || sighting.kind === 'skipped' ? sighting.size : sighting.bytes.length;
        expect(sightingText(sighting, { paint: plain, full: true })).not.toBe('');
        expect(JSON.parse(sightingJson(sighting))).toMatchObject({ kind: sighting.kind });
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
        for await (const sighting of readCapture(packets, { loneAction: null }, noCounts()))
          sightingText(sighting, { paint: plain, full: true });
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
      }
    }),
    { numRuns: 300 },
  );
});
