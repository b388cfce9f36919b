import { expect, test } from 'vitest';
import { createServer, defineAction, StatusError, string, struct, vLong } from '../../src/index.ts';
import { printable } from '../../src/protocol/error/printable.ts';
import { encodeMessage } from '../../src/protocol/frame/native/message.ts';
import { StreamOutput } from '../../src/protocol/wire/stream-output.ts';
import { V_3_9_0 } from '../../src/protocol/wire/version.ts';
import { run } from '../unit/cli/run.ts';

/** ESC, DEL, C1 with the one-byte CSI, line separators, and every mark that turns the direction of text. */
const EVIL = `a\u001b[2J\u007f\u0085\u009b31m\u061c\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069z`;
const SAFE = /^(?:(?!\p{Cc})[^\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|[\t\n])*$/u;

const evil = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string, at: vLong }) });

function evilFrame(): Buffer {
  const body = new StreamOutput({ version: V_3_9_0 });
  body.writeString('');
  body.writeString(EVIL);
  const requestHeaders = { [EVIL]: EVIL };
  return encodeMessage({ request: true, requestId: 1n, version: V_3_9_0, action: `demo:${EVIL}`, requestHeaders, body: body.toBuffer() });
}

test('the text itself is seen as unsafe, and as safe once it is printable', () => {
  expect(EVIL).not.toMatch(SAFE);
  expect(printable(EVIL)).toMatch(SAFE);
  expect(JSON.parse(printable(JSON.stringify(EVIL)))).toBe(EVIL);
  expect(printable('tab\tline\nGrüße 😀')).toBe('tab\tline\nGrüße 😀');
});

test('control characters of a node do not reach the terminal by any command that calls', async () => {
  await using server = createServer({ nodeName: EVIL, clusterName: EVIL });
  server.handle(evil, ({ text }) => {
    if (text === 'fail') throw new StatusError(500, 'evil_exception', EVIL);
    return { text: EVIL, at: 1 };
  });
  const { host, port } = await server.listen(0);
  const address = `${host}:${port}`;
  const commands = [
    ['ping', address, '--count', '1'],
    ['ping', address, '--count', '1', '--json'],
    ['call', address, 'demo:echo', '{"text":"a"}', '--trace'],
    ['call', address, 'demo:echo', '{"text":"a"}', '--json'],
    ['call', address, 'demo:echo', '{"text":"fail"}'],
    ['call', address, 'demo:echo', '{"text":"fail"}', '--json'],
    ['call', address, 'GET /', '--rest'],
    ['call', address, `${EVIL}`],
  ];
  for (const command of commands) {
    const { stdout, stderr } = await run(command);
    expect(stdout + stderr, command.join(' ')).toMatch(SAFE);
    expect(stdout + stderr, command.join(' ')).not.toBe('');
  }
});

test.each([[[]], [['--brief']], [['--full']], [['--json']], [['--json', '--full']]])('nor by ostp decode %j', async (options) => {
  const { stdout, stderr } = await run(['decode', ...options], { stdin: evilFrame() });
  expect(stdout + stderr).toMatch(SAFE);
  expect(stdout).toContain('\\u009b31m');
});

test('nor by the codec port, whose values stay as they are', async () => {
  const body = new StreamOutput({ version: V_3_9_0 });
  body.writeString(EVIL);
  const { stdout } = await run(['codec'], { stdin: `{"op":"decode","type":"string","hex":"${body.toBuffer().toString('hex')}"}\n` });
  expect(stdout).toMatch(SAFE);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, value: EVIL });
});
