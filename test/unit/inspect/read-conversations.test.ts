import { expect, test } from 'vitest';
import { type ConversationEvent, eventJson, eventText, type MessageEvent, readConversations } from '../../../src/inspect/index.ts';
import { encodeMessage } from '../../../src/protocol/frame/native/message.ts';
import { V_3_9_0 } from '../../../src/protocol/wire/version.ts';
import { captures, framesOf, packetCapture } from '../../vectors/load.ts';

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Buffer, size: number): Promise<ConversationEvent[]> {
  const events: ConversationEvent[] = [];
  for await (const event of readConversations(cut(bytes, size))) events.push(event);
  return events;
}

const isMessage = (event: ConversationEvent): event is MessageEvent => event.kind === 'message';

test('a capture gives the same events however it is cut', async () => {
  const whole = (await read(packetCapture('session'), 1 << 20)).map((event) => eventJson(event, { withFields: true }));
  expect(whole.length).toBeGreaterThan(150);
  for (const size of [7, 1000]) {
    expect((await read(packetCapture('session'), size)).map((event) => eventJson(event, { withFields: true }))).toEqual(whole);
  }
});

test('frames of a genuine node give the same events however they are cut, in step with their bytes', async () => {
  const frames = captures('3.9.0').find(({ topic }) => topic.includes('client-documents'))?.frames ?? [];
  const bytes = Buffer.concat(framesOf({ frames } as Parameters<typeof framesOf>[0]).map((frame) => frame.bytes));
  const whole = (await read(bytes, bytes.length)).map((event) => eventText(event));
  expect(whole.length).toBeGreaterThan(10);
  for (const size of [1, 23, 4096]) expect((await read(bytes, size)).map((event) => eventText(event))).toEqual(whole);
});

test('the JSON of a message has every field with its offsets, on request', async () => {
  const [message] = (await read(packetCapture('session'), 1 << 20)).filter(isMessage);
  const form = JSON.parse(eventJson(message as MessageEvent, { withFields: true })) as Readonly<Record<string, object[]>>;
  expect(form['fields']?.slice(0, 3)).toEqual([
    { name: 'marker', offset: 0, end: 2, value: 'ES' },
    { name: 'length', offset: 2, end: 6, value: (message as MessageEvent).bytes.length - 6 },
    { name: 'requestId', offset: 6, end: 14, value: message?.message.header?.requestId },
  ]);
  expect(form['bodyFields']).not.toEqual([]);
  expect(JSON.parse(eventJson(message as MessageEvent))).not.toHaveProperty('fields');
});

test('rows that frames share show the bytes of each frame', async () => {
  const frame = (requestId: bigint, action: string, requestHeaders: Record<string, string>): Buffer =>
    encodeMessage({ request: true, requestId, version: V_3_9_0, action, requestHeaders, body: Buffer.from([0]) });
  const frames = Array.from({ length: 60 }, (_, i) => frame(BigInt(i), `demo:${i % 3}`, i % 2 === 0 ? {} : { trace: `t${i % 5}` }));
  const together = (await read(Buffer.concat(frames), 100)).map((event) => eventText(event));
  const alone = await Promise.all(frames.map(async (each) => eventText((await read(each, each.length))[0] as ConversationEvent)));
  expect(together).toEqual(alone);
});

test('an empty input is refused', async () => {
  await expect(read(Buffer.alloc(0), 1)).rejects.toThrow('the input is empty, expected a capture, frames or hex');
});
