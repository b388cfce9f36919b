import { bytesLeft } from '../../../../src/protocol/wire/bytes-left.ts';
import { describe, expect, test } from 'vitest';
import { capture, type CapturedFrame, captures, framesOf, packetCapture, thirdPartySequences } from '../../../vectors/load.ts';
import { ByteSource } from '../../../../src/inspect/capture/byte-source.ts';
import { readPcapng } from '../../../../src/inspect/capture/pcapng.ts';
import { ConversationDirection } from '../../../../src/inspect/conversation/conversation-direction.ts';
import type { ConversationEvent, MessageEvent } from '../../../../src/inspect/conversation/conversation-event.ts';
import { Dissector } from '../../../../src/inspect/dissect/dissector.ts';
import type { DissectedField } from '../../../../src/inspect/dissect/field-recorder.ts';
import { noCounts, readCapture } from '../../../../src/inspect/conversation/read-capture.ts';
import type { DissectedMessage } from '../../../../src/inspect/dissect/dissected-message.ts';
import { readStream } from '../../../../src/inspect/conversation/read-stream.ts';
import { eventJson } from '../../../../src/inspect/render/event-json.ts';
import { eventText } from '../../../../src/inspect/render/event-text.ts';
import { plain } from '../../../../src/inspect/render/paint.ts';

async function all(batches: AsyncIterable<ConversationEvent[]>): Promise<ConversationEvent[]> {
  const found: ConversationEvent[] = [];
  for await (const events of batches) found.push(...events);
  return found;
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

async function ofPcap(name: 'session' | 'pingseg'): Promise<ConversationEvent[]> {
  return all(readCapture(readPcapng(new ByteSource(once(packetCapture(name)))), {}, noCounts()));
}

const isMessage = (event: ConversationEvent): event is MessageEvent => event.kind === 'message';

/** Fields in order, none outside of the one around it, none over another. */
function orderProblem(fields: readonly DissectedField[], from: number, end: number): string | null {
  let at = from;
  for (const field of fields) {
    if (field.offset < at || field.end < field.offset || field.end > end) return `${field.name} at ${field.offset}–${field.end}`;
    const inside = orderProblem(field.fields, field.offset, field.end);
    if (inside !== null) return `${field.name}.${inside}`;
    at = field.end;
  }
  return null;
}

function fieldProblem({ fields, body }: DissectedMessage, bytes: Buffer): string | null {
  return (
    orderProblem(fields, 0, bytes.length) ?? (body === null ? null : orderProblem(body.fields, body.base, body.base + body.bytes.length))
  );
}

describe('packet captures', () => {
  test('a whole session decodes: nothing is skipped, every answer finds its request, every catalogued body is read to its end', async () => {
    const found = await ofPcap('session');
    const messages = found.filter(isMessage);
    expect(found.length - messages.length).toBe(found.filter(({ kind }) => kind === 'ping').length);
    expect(messages).toHaveLength(150);
    expect(messages.filter(({ message }) => message.action === null)).toEqual([]);
    expect(messages.flatMap(({ message }) => message.problem ?? message.body?.problem ?? [])).toEqual([]);
    expect(messages.flatMap(({ message, bytes }) => fieldProblem(message, bytes) ?? [])).toEqual([]);
    const catalogued = messages.filter(({ message }) => /^(?:internal|cluster):/.test(message.action ?? ''));
    expect(catalogued.length).toBeGreaterThan(50);
    expect(catalogued.filter(({ message }) => message.body?.form === undefined)).toEqual([]);
  });

  test('pings between the segments of a handshake', async () => {
    const found = await ofPcap('pingseg');
    expect(found.map(({ kind, from }) => `${from?.endsWith(':29300') ? '<' : '>'} ${kind}`)).toEqual([
      '> ping',
      '> message',
      '> ping',
      '< ping',
      '< message',
      '< ping',
    ]);
  });

  test('every event has a text and a JSON form', async () => {
    for (const event of await ofPcap('session')) {
      expect(eventText(event, { paint: plain, full: true })).not.toContain('undefined');
      expect(JSON.parse(eventJson(event))).toMatchObject({ kind: event.kind, connection: event.connection });
    }
  });
});

/** The frames of a recorded topic, socket by socket. */
function readTopic(frames: readonly CapturedFrame[]): { frame: CapturedFrame; events: ConversationEvent[] }[] {
  const dissector = new Dissector();
  const directions = new Map<string, ConversationDirection>();
  const directionOf = (socket: number, sender: string): ConversationDirection => {
    const key = `${socket} ${sender}`;
    const direction = directions.get(key) ?? new ConversationDirection(dissector);
    directions.set(key, direction);
    return direction;
  };
  return frames.map((frame) => {
    const [sender = '', receiver = ''] = frame.dir.split('->');
    const [there, back] = [directionOf(frame.socket, sender), directionOf(frame.socket, receiver)];
    ConversationDirection.join(there, back);
    const origin = { connection: frame.socket, from: sender, to: receiver, timeNs: null };
    return { frame, events: there.push(frame.bytes, origin) };
  });
}

/** Whether the recording aid could not read it either, or the genuine peer refused it. */
function isSpoilt(frame: CapturedFrame, frames: readonly CapturedFrame[]): boolean {
  const { decoded, socket, dir } = frame;
  if ('_decodeError' in decoded || '_decodeError' in ((decoded['body'] as object | undefined) ?? {})) return true;
  return frames.some(
    (other) => other.socket === socket && other.dir !== dir && other.decoded['id'] === decoded['id'] && 'error' in other.decoded,
  );
}

/** What is said of a body that somebody made too long on purpose. */
function leftOf({ decoded }: CapturedFrame): string | null {
  const left = (decoded['body'] as { readonly _left?: number } | undefined)?._left;
  return left === undefined ? null : bytesLeft(left, 'body');
}

/** Topics with bytes that were broken on purpose. */
const BROKEN = ['client-broken-framing', 'client-framing', 'client-handshakes', 'ext-rest-answers-bad'];

describe.each(['2.19.6', '3.9.0', 'mixed'] as const)('conversations recorded of %s', (release) => {
  test('every sound frame decodes, its fields in order', () => {
    for (const { topic, frames } of captures(release).filter((each) => !BROKEN.some((name) => each.topic.includes(name)))) {
      const sent = framesOf({ frames } as Parameters<typeof framesOf>[0]);
      for (const { frame, events } of readTopic(sent)) {
        const label = `${topic}: ${JSON.stringify(frame.decoded).slice(0, 300)}`;
        for (const event of events.filter(isMessage)) {
          const { message, bytes } = event;
          const problem = (message.problem ?? message.body?.problem)?.message ?? null;
          if (problem === null || !isSpoilt(frame, sent)) expect(problem, label).toBe(leftOf(frame));
          expect(fieldProblem(message, bytes), label).toBeNull();
        }
      }
    }
  });

  test('broken ones are shown as far as they can be, and nothing is thrown', () => {
    for (const { frames } of captures(release)) {
      for (const { events } of readTopic(framesOf({ frames } as Parameters<typeof framesOf>[0]))) {
        for (const event of events) expect(eventText(event, { paint: plain, full: false })).not.toBe('');
      }
    }
  });
});

test('an initialise request of a node is told by name and field', () => {
  const events = readTopic(framesOf(capture('3.9.0', 'ext-init')))
    .flatMap((each) => each.events)
    .filter(isMessage);
  const request = events.find(({ message }) => message.action === 'internal:discovery/extensions' && message.header?.request);
  expect(request?.message.body?.form).toMatchObject({
    parentTask: { nodeId: '' },
    sourceNode: { hostAddress: '127.0.0.1' },
    extension: {},
  });
});

describe('sequences published by other SDKs', () => {
  test.each(thirdPartySequences().captured.map((each) => [each.name, each.hex] as const))('%s', async (name, hex) => {
    const found = await all(readStream([Buffer.from(hex, 'hex')], {}));
    expect({ name, found: found.map((event) => eventText(event, { paint: plain, full: false })) }).toMatchSnapshot();
  });
});
