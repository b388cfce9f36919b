import { describe, expect, test } from 'vitest';
import type { Packet } from '../../../../src/inspect/capture/packet.ts';
import type { ConversationEvent } from '../../../../src/inspect/conversation/conversation-event.ts';
import { type CaptureCounts, noCounts, readCapture } from '../../../../src/inspect/conversation/read-capture.ts';
import { tcpHandshake } from '../../../../src/protocol/action/internal/tcp-handshake.ts';
import { encode } from '../../../../src/protocol/codec/codec.ts';
import { encodeMessage } from '../../../../src/protocol/frame/native/message.ts';
import { V_2_19_0, V_3_9_0 } from '../../../../src/protocol/wire/version.ts';
import { answer, capture, ipv4Bytes, packet, tcpBytes } from './packets.ts';

const request = (requestId: bigint, action = 'cluster:monitor/main') =>
  encodeMessage({ request: true, requestId, version: V_3_9_0, action, body: Buffer.from('00', 'hex') });
const response = (requestId: bigint, hex = '') =>
  encodeMessage({ request: false, requestId, version: V_3_9_0, body: Buffer.from(hex, 'hex') });
const handshake = encodeMessage({
  request: false,
  handshake: true,
  requestId: 1n,
  version: V_2_19_0,
  body: encode(tcpHandshake.response, { version: V_3_9_0 }),
});

async function events(packets: readonly Packet[], port?: number, counts: CaptureCounts = noCounts()): Promise<ConversationEvent[]> {
  const found: ConversationEvent[] = [];
  for await (const batch of readCapture(capture(...packets), { port }, counts)) found.push(...batch);
  return found;
}

const shown = (found: readonly ConversationEvent[]): string[] =>
  found.map((event) => {
    const place = `#${event.connection} ${event.from?.endsWith(':9300') ? 'answer' : 'request'}`;
    if (event.kind !== 'message') return `${place} ${event.kind}`;
    const { header, action } = event.message;
    return `${place} ${String(header?.requestId)} ${action ?? 'unknown'}${event.missing > 0 ? ` (${event.missing} missing)` : ''}`;
  });

const open = [
  packet({ sequence: 99, flags: 'S' }),
  answer({ sequence: 199, acknowledged: 100, flags: 'S' }),
  packet({ sequence: 100, acknowledged: 200 }),
];

describe('a conversation', () => {
  test('pairs responses with requests, whatever their order', async () => {
    const [one, two] = [request(1n), request(2n, 'indices:admin/refresh')];
    const packets = [
      ...open,
      packet({ sequence: 100, payload: one }),
      packet({ sequence: 100 + one.length, payload: two }),
      answer({ sequence: 200, payload: Buffer.concat([response(2n), response(1n)]) }),
    ];
    expect(shown(await events(packets))).toEqual([
      '#1 request 1 cluster:monitor/main',
      '#1 request 2 indices:admin/refresh',
      '#1 answer 2 indices:admin/refresh',
      '#1 answer 1 cluster:monitor/main',
    ]);
  });

  test('both ends may use the same request id', async () => {
    const packets = [
      ...open,
      packet({ sequence: 100, payload: request(7n) }),
      answer({ sequence: 200, payload: Buffer.concat([request(7n, 'internal:discovery/extensions'), response(7n)]) }),
      packet({ sequence: 100 + request(7n).length, payload: response(7n) }),
    ];
    expect(shown(await events(packets)).slice(2)).toEqual([
      '#1 answer 7 cluster:monitor/main',
      '#1 request 7 internal:discovery/extensions',
    ]);
  });

  test('a second response to one request answers nothing', async () => {
    const packets = [
      ...open,
      packet({ sequence: 100, payload: request(1n) }),
      answer({ sequence: 200, payload: Buffer.concat([response(1n), response(1n)]) }),
    ];
    expect(shown(await events(packets))).toEqual([
      '#1 request 1 cluster:monitor/main',
      '#1 answer 1 cluster:monitor/main',
      '#1 answer 1 unknown',
    ]);
  });

  test('a handshake response says itself what it answers', async () => {
    const [found] = await events([...open, answer({ sequence: 200, payload: handshake })]);
    expect(found).toMatchObject({
      kind: 'message',
      message: { action: 'internal:tcp/handshake', body: { form: { version: '3.9.0' }, problem: null } },
    });
  });

  test('a message has the time of the packet that completed it', async () => {
    const one = request(1n);
    const packets = [packet({ sequence: 100, payload: one.subarray(0, 30) }, 1n), packet({ sequence: 130, payload: one.subarray(30) }, 2n)];
    expect(await events(packets)).toMatchObject([{ timeNs: 2n, from: '10.0.0.1:4000', to: '10.0.0.2:9300' }]);
  });
});

describe('what a capture may be like', () => {
  const [one, two] = [request(1n), request(2n)];

  test('the same ports used once more are another connection', async () => {
    const packets = [
      packet({ sequence: 99, flags: 'S' }),
      packet({ sequence: 100, payload: one }),
      packet({ sequence: 9_999, flags: 'S' }),
      packet({ sequence: 9_999, flags: 'S' }),
      packet({ sequence: 10_000, payload: two }),
    ];
    expect(shown(await events(packets))).toEqual(['#1 request 1 cluster:monitor/main', '#2 request 2 cluster:monitor/main']);
  });

  test('a connection that was reset ends: what is unfinished is shown', async () => {
    const packets = [...open, packet({ sequence: 100, payload: one.subarray(0, 40) }), packet({ sequence: 140, flags: 'R' })];
    expect(shown(await events(packets))).toEqual([`#1 request 1 unknown (${one.length - 40} missing)`]);
  });

  test('it begins in the middle of a frame', async () => {
    const packets = [packet({ sequence: 500, payload: Buffer.concat([one.subarray(20), two]) })];
    expect(shown(await events(packets))).toEqual(['#1 request skipped', '#1 request 2 cluster:monitor/main']);
  });

  test('it has lost a packet: the gap is told when the receiver has acknowledged it', async () => {
    const packets = [
      ...open,
      packet({ sequence: 100, payload: one.subarray(0, 30) }),
      packet({ sequence: 100 + one.length, payload: two }),
      answer({ sequence: 200, acknowledged: 100 + one.length + two.length }),
    ];
    expect(shown(await events(packets))).toEqual([
      `#1 request 1 unknown (${one.length - 30} missing)`,
      '#1 request gap',
      '#1 request 2 cluster:monitor/main',
    ]);
  });

  test('only the connections of one port are looked at', async () => {
    const packets = [
      packet({ sequence: 1, payload: one }),
      packet({ from: 5000, to: 9200, sequence: 1, payload: Buffer.from('GET / HTTP/1.1\r\n\r\n') }),
    ];
    expect(await events(packets, 9300)).toHaveLength(1);
    expect(await events(packets, 4000)).toHaveLength(1);
    expect(await events(packets, 1)).toHaveLength(0);
  });

  test('what cannot be read is counted', async () => {
    const counts = noCounts();
    const fragment = ipv4Bytes(tcpBytes({ sequence: 1, payload: one }));
    fragment.writeUInt16BE(0x2000, 6);
    await events(
      [
        { timeNs: 0n, linkType: 101, bytes: fragment },
        { timeNs: 0n, linkType: 105, bytes: fragment },
      ],
      undefined,
      counts,
    );
    expect(counts).toEqual({ packets: 2, fragments: 1, unknownLinks: 1, unknownLinkType: 105 });
  });
});
