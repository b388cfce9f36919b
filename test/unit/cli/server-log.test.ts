import { expect, test } from 'vitest';
import { serverLogLine } from '../../../src/cli/server-log.ts';
import { ConnectionLostError, type TransportError } from '../../../src/protocol/error/transport-error.ts';
import type { ServerEvent } from '../../../src/transport/server/server-options.ts';

const time = new Date('2026-11-30T12:00:00.000Z');
const remote = { host: '::1', port: 5 };
const error: TransportError = new ConnectionLostError('ERR_CONNECTION_LOST', {}, 'reset\u001b[2J\u009b2J');

test.each<[ServerEvent, string, object]>([
  [
    { type: 'channelOpened', remote },
    '2026-11-30T12:00:00.000Z INFO  connection from [::1]:5 opened',
    { level: 'INFO', event: 'channelOpened', remote: '[::1]:5' },
  ],
  [
    { type: 'channelClosed', remote, error: null },
    '2026-11-30T12:00:00.000Z INFO  connection from [::1]:5 closed',
    { level: 'INFO', event: 'channelClosed', remote: '[::1]:5' },
  ],
  [
    { type: 'channelRefused', remote: null, error },
    '2026-11-30T12:00:00.000Z WARN  connection refused: reset\\u001b[2J\\u009b2J',
    { level: 'WARN', event: 'channelRefused', remote: null, code: 'ERR_CONNECTION_LOST', message: error.message },
  ],
  [
    { type: 'handlerFailed', action: 'demo:a', error: 'text' },
    '2026-11-30T12:00:00.000Z ERROR handler of demo:a failed: text',
    { level: 'ERROR', event: 'handlerFailed', action: 'demo:a', message: 'text' },
  ],
])('$type as a line of the log', (event, text, json) => {
  expect(serverLogLine(event, time, false)).toBe(text);
  const line = serverLogLine(event, time, true);
  expect(JSON.parse(line)).toEqual({ time: '2026-11-30T12:00:00.000Z', ...json });
  expect(line).toMatch(/^[\x20-\x7e]*$/);
});
