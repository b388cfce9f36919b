import { describe, expect, test } from 'vitest';
import { FrameSplitter, type StreamPart } from '../../../../src/inspect/conversation/frame-splitter.ts';
import { encodeMessage } from '../../../../src/protocol/frame/native/message.ts';
import { V_3_9_0 } from '../../../../src/protocol/wire/version.ts';

const PING = Buffer.from('4553ffffffff', 'hex');
const frame = encodeMessage({
  request: true,
  requestId: 1n,
  version: V_3_9_0,
  action: 'cluster:monitor/main',
  body: Buffer.from('00', 'hex'),
});
const other = encodeMessage({ request: false, requestId: 1n, version: V_3_9_0, body: Buffer.from('TESTING', 'latin1') });

function run(chunks: readonly Buffer[], options: { middle?: boolean; gapBefore?: number } = {}): StreamPart[] {
  const splitter = new FrameSplitter();
  if (options.middle) splitter.beginInTheMiddle();
  const parts = chunks.flatMap((chunk, i) => [...(i === options.gapBefore ? splitter.gap(50) : []), ...splitter.push(chunk)]);
  return [...parts, ...splitter.end()];
}

const shown = (parts: readonly StreamPart[]): string[] =>
  parts.map((part) => {
    if (part.kind === 'gap') return `gap ${part.size} at ${part.offset}`;
    if (part.kind === 'skipped') return `skipped ${part.size} at ${part.offset}${part.error === null ? '' : ` ${part.error.code}`}`;
    if (part.kind === 'unfinished') return `unfinished ${part.bytes.length} at ${part.offset}, ${part.missing} missing`;
    return `${part.kind} ${part.bytes.length} at ${part.offset}`;
  });

test('frames and pings are found however the stream is cut', () => {
  const stream = Buffer.concat([PING, frame, other, PING]);
  const expected = [
    `ping 6 at 0`,
    `frame ${frame.length} at 6`,
    `frame ${other.length} at ${6 + frame.length}`,
    `ping 6 at ${stream.length - 6}`,
  ];
  for (let size = 1; size <= stream.length; size++) {
    const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, i) => stream.subarray(i * size, (i + 1) * size));
    expect(shown(run(chunks))).toEqual(expected);
  }
});

describe('a stream out of step', () => {
  test('begins in the middle of a frame and goes on at the next', () => {
    const tail = other.subarray(10);
    expect(shown(run([tail, frame], { middle: true }))).toEqual([`skipped ${tail.length} at 0`, `frame ${frame.length} at ${tail.length}`]);
  });

  test('begins at a frame: nothing is skipped', () => {
    expect(shown(run([frame], { middle: true }))).toEqual([`frame ${frame.length} at 0`]);
  });

  test('has a gap in a frame', () => {
    const [head, tail] = [other.subarray(0, 27), other.subarray(29)];
    expect(shown(run([head, tail, frame], { gapBefore: 1 }))).toEqual([
      `unfinished 27 at 0, ${other.length - 27} missing`,
      'gap 50 at 27',
      `skipped ${tail.length} at 77`,
      `frame ${frame.length} at ${77 + tail.length}`,
    ]);
  });

  test('has a broken frame between two good ones, byte by byte too', () => {
    const broken = Buffer.from(frame);
    broken.writeInt32BE(9_999, 19);
    const stream = Buffer.concat([frame, broken, other]);
    const expected = [
      `frame ${frame.length} at 0`,
      `skipped ${broken.length} at ${frame.length} ERR_HEADER_SIZE`,
      `frame ${other.length} at ${2 * frame.length}`,
    ];
    expect(shown(run([stream]))).toEqual(expected);
    expect(shown(run([...stream].map((byte) => Buffer.from([byte]))))).toEqual(expected);
  });

  test.each([
    ['a length of zero', '455300000000', 'ERR_BAD_LENGTH'],
    ['a length beyond the limit', '45537fffffff', 'ERR_FRAME_TOO_LARGE'],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n').toString('hex'), 'ERR_BAD_MARKER'],
  ])('%s, then a frame', (_, hex, code) => {
    const bytes = Buffer.from(hex, 'hex');
    expect(shown(run([bytes, frame]))).toEqual([`skipped ${bytes.length} at 0 ${code}`, `frame ${frame.length} at ${bytes.length}`]);
  });

  test('bytes too few to tell are shown as what they are', () => {
    expect(shown(run([Buffer.from('45', 'hex')]))).toEqual(['unfinished 1 at 0, 5 missing']);
    expect(shown(run([Buffer.from('E')]))).toEqual(['unfinished 1 at 0, 5 missing']);
    expect(shown(run([Buffer.from('xy')]))).toEqual(['skipped 2 at 0']);
  });
});

test('a large frame in small parts is found in time that grows with its size only', () => {
  const large = encodeMessage({ request: false, requestId: 1n, version: V_3_9_0, body: Buffer.alloc(4 * 1024 * 1024) });
  const chunks = Array.from({ length: Math.ceil(large.length / 1400) }, (_, i) => large.subarray(i * 1400, (i + 1) * 1400));
  expect(shown(run(chunks))).toEqual([`frame ${large.length} at 0`]);
});
