import { expect, test } from 'vitest';
import { exception } from '../../../../src/protocol/codec/exception/exception.ts';
import { toErrorResponse } from '../../../../src/protocol/codec/exception/error-response.ts';
import { shortened } from '../../../../src/protocol/error/shortened.ts';
import { StreamOutput } from '../../../../src/protocol/wire/stream-output.ts';
import { V_3_9_0 } from '../../../../src/protocol/wire/version.ts';
import { unknownAction } from '../../../../src/transport/call/dispatcher.ts';

test.each([
  ['', ''],
  ['cluster:monitor/health', 'cluster:monitor/health'],
  ['x'.repeat(256), 'x'.repeat(256)],
  ['x'.repeat(257), `${'x'.repeat(256)}…`],
])('%j is quoted as %j', (text, quoted) => {
  expect(shortened(text)).toBe(quoted);
});

test('an error response to an action of 1 MB is short', () => {
  const action = 'a'.repeat(1_000_000);
  const responder = { nodeName: 'n1', local: { host: '127.0.0.1', port: 9300 }, action };
  const output = new StreamOutput({ version: V_3_9_0, peerVersion: V_3_9_0 });
  exception.write(output, toErrorResponse(unknownAction(action), responder));
  expect(output.toBuffer().length).toBeLessThan(1500);
});
