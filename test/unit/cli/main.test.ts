import { readFileSync } from 'node:fs';
import { PassThrough, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { encodeMessage } from '../../../src/protocol/frame/native/message.ts';
import { V_3_9_0 } from '../../../src/protocol/wire/version.ts';
import { packetCapture } from '../../vectors/load.ts';
import { run, start } from './run.ts';

const vectors = (name: string): string => fileURLToPath(new URL(`../../vectors/${name}`, import.meta.url));
const pingHex = '4553ffffffff';
const request = encodeMessage({
  request: true,
  requestId: 5n,
  version: V_3_9_0,
  action: 'cluster:monitor/main',
  body: Buffer.from('00', 'hex'),
});

describe('wrong usage ends with 2 and a hint', () => {
  test.each([
    ['decod', "unknown command 'decod', did you mean 'decode'?"],
    ['decode --jsn', "unknown option '--jsn', did you mean '--json'?"],
    ['serve --port 1', "unknown option '--port'; `ostp COMMAND --help` lists the options"],
    ['serve --hosts x', "unknown option '--hosts', did you mean '--host'?"],
    ['serve --zzzzzz', "unknown option '--zzzzzz'; `ostp COMMAND --help` lists the options"],
    ['decode --port x', "argument 'x' is invalid. Expected a whole number from 0 to 65535."],
    ['call', "missing required argument 'endpoint'"],
    ['call 127.0.0.1:1 cluster.helth', "unknown action 'cluster.helth', did you mean cluster.health?"],
    ['call 127.0.0.1:1 health', "unknown action 'health', did you mean cluster.health?"],
    ['call 127.0.0.1:1 e', /did you mean (?:[\w.:/]+, ){5}…\?/],
    ['call 127.0.0.1:1 cluster.main {', 'the request: malformed JSON'],
    [
      'call 127.0.0.1:1 docs.index {"index":"a","source":{}}',
      'source: expected bytes as a hex string; `ostp actions indices:data/write/index` shows',
    ],
    ['call 127.0.0.1:1 zzz', /unknown action 'zzz'/],
    ['call 127.0.0.1:1 demo:echo {"txt":"a"}', 'txt: unknown field, expected text'],
    ['call 1:2:3 cluster.main', 'write IPv6 addresses in brackets'],
    ['call 127.0.0.1:1 cluster.main --ca x', '--ca needs --tls'],
    ['call 127.0.0.1:1 cluster.main --tls --ca /nowhere.pem', 'cannot read the file of --ca: ENOENT'],
    ['call 127.0.0.1:1 cluster.main --header x', 'Expected key=value.'],
    ['call 127.0.0.1:1 demo:echo {"text":"a"} --rest', 'demo:echo has no REST form; call it without --rest'],
    ['ping 127.0.0.1:1 --count 0', 'Expected a whole number from 1 to 1000000.'],
    ['actions nope', "no action matches 'nope'"],
    ['encode cluster.main both {}', "'both': expected request or response"],
    ['encode cluster.main', 'request or response? Write: ostp encode cluster:monitor/main request JSON'],
    ['encode cluster.mian', 'did you mean cluster.main?'],
    ['encode []', 'the frame: expected a JSON object'],
    ['decode 455', "expected a file or hex, got '455': no such file, and not hex"],
    ['serve 0 --cert x', '--cert and --key must be given together'],
    ['serve 0 --ca x', '--ca needs --cert and --key'],
    ['call 127.0.0.1:1 cluster.main --tls --cert x', '--cert and --key must be given together'],
    ['decode /', "'/' is a directory, expected a file"],
    ['dev /', "'/' is a directory, expected the file of an extension"],
    ['help nope', "unknown command 'nope', did you mean 'node'?"],
    ['help zzzzzz', 'expected one of dev, init, register, doctor, call'],
    ['register http://127.0.0.1:1', "required option '--id <id>' not specified"],
    [
      'register nowhere --id a',
      "must be that of a node's REST API, such as http://127.0.0.1:9200, or a list of such URLs, got the string 'nowhere'",
    ],
    ['doctor http://127.0.0.1:1 --id a --user me', '--user must be name:password'],
    ['node --prepare', '--prepare needs --real, for example --real 3.9.0'],
    ['node --version 1.3.0', "version must be one of 2.x or 3.x, got '1.3.0'"],
    ['node --real 3', 'the version must be major.minor.patch, for example 3.9.0, got "3"'],
  ])('ostp %s', async (line, text) => {
    const { exit, stdout, stderr } = await run(line.split(' '));
    expect(stderr).toMatch(/^error \[ERR_(USAGE|CONFIG|BAD_ENDPOINT)\]: /);
    expect(stderr).toMatch(text);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
  });

  test('as JSON where that is asked for', async () => {
    const { exit, stderr } = await run(['call', '127.0.0.1:1', 'nope.nope', '--json']);
    expect(exit).toBe(2);
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'ERR_USAGE', message: expect.stringContaining("unknown action 'nope.nope'"), remedy: expect.any(String) as string },
    });
  });
});

describe('help', () => {
  test.each([[[]], [['--help']], [['help']]])('%j lists the commands and the exit codes', async (args) => {
    const { exit, stdout } = await run(args);
    expect(exit).toBe(0);
    for (const command of ['call', 'ping', 'decode', 'encode', 'actions', 'serve', 'node', 'codec', 'demo', 'help'])
      expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    expect(stdout).toContain('130 interrupted by Ctrl-C · 143 terminated by SIGTERM');
  });

  test.each(['call', 'decode', 'help'])('help %s is the help of that command', async (command) => {
    const { exit, stdout, stderr } = await run(['help', command]);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^Usage: ostp ${command} `));
    expect(stdout).toBe((await run([command, '--help'])).stdout);
  });

  test('the version is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string };
    expect(await run(['--version'])).toEqual({ exit: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('ostp decode', () => {
  test.each([
    ['hex as an argument', [pingHex], undefined],
    ['hex on standard input', [], `${pingHex}\n`],
    ['bytes on standard input', ['-'], Buffer.from(pingHex, 'hex')],
    ['gzipped bytes', [], gzipSync(Buffer.from(pingHex, 'hex'))],
  ])('%s', async (_, args, stdin) => {
    expect(await run(['decode', ...args], stdin === undefined ? {} : { stdin })).toEqual({ exit: 0, stdout: 'ping\n\n', stderr: '' });
  });

  test('a capture, by file and gzipped on standard input', async () => {
    const byFile = await run(['decode', vectors('session.pcap'), '--brief']);
    const byInput = await run(['decode', '--brief'], { stdin: gzipSync(packetCapture('session')) });
    expect(byFile.stdout).toContain('127.0.0.1:34446 → 127.0.0.1:19300  request 3  test:nope');
    expect(byInput).toEqual(byFile);
    expect(byFile).toMatchObject({ exit: 0, stderr: '' });
  });

  test('many small frames are written in large pieces', async () => {
    const writes: number[] = [];
    const stdout = new Writable({
      write: (chunk: Buffer, _, done) => {
        writes.push(chunk.length);
        done();
      },
    });
    const input = new PassThrough();
    input.end(Buffer.concat(Array.from({ length: 20_000 }, () => request)));
    const surroundings = { stdin: input, stdout, stderr: new PassThrough(), env: {}, signal: new AbortController().signal };
    expect(await main(['decode', '--json'], surroundings)).toBe(0);
    const bytes = writes.reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeGreaterThan(4_000_000);
    expect(writes.length).toBeLessThan(bytes / 20_000);
  });

  test('only one port of a capture', async () => {
    const { stdout } = await run(['decode', vectors('session.pcap'), '--brief', '--port', '34446']);
    expect(stdout.trim().split('\n')).toHaveLength(6);
    expect(await run(['decode', vectors('session.pcap'), '--port', '1'])).toEqual({
      exit: 1,
      stdout: '',
      stderr: 'no transport message was found\n',
    });
  });

  test('an error response with its chain', async () => {
    const { stdout } = await run(['decode', vectors('session.pcap'), '--port', '34446']);
    expect(stdout).toContain(
      'caused by org.opensearch.transport.ActionNotFoundTransportException (101): No handler for action [test:nope]',
    );
    expect(stdout).toContain('at org.opensearch.transport.InboundAggregator.headerReceived(InboundAggregator.java:94)');
  });

  test('a lone response by the action it answers', async () => {
    const response = (await run(['encode', 'cluster.liveness', 'response', '{"clusterName":"c","node":null}'])).stdout.trim();
    const frame = encodeMessage({ request: false, requestId: 1n, version: V_3_9_0, body: Buffer.from(response, 'hex') }).toString('hex');
    expect((await run(['decode', frame])).stdout).toContain('its request was not seen');
    expect((await run(['decode', frame, '--action', 'cluster.liveness'])).stdout).toMatch(/clusterName "c"\n.*node null/);
  });

  test('a bad body: what was decoded, the error, the rest', async () => {
    const bad = encodeMessage({
      request: true,
      requestId: 1n,
      version: V_3_9_0,
      action: 'demo:echo',
      body: Buffer.from('000568656c', 'hex'),
    });
    const { exit, stdout } = await run(['decode', bad.toString('hex')]);
    expect(exit).toBe(1);
    expect(stdout).toMatch(
      /parentTask \{"nodeId":"","id":"-1"\}\n.*text ✗\n.*\[ERR_DECODE\] text: a count of 5 needs at least 5 more bytes, but only 3 are left \(at byte 1\)\n.*\|hel\|/,
    );
  });

  test.each([
    ['GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'HTTP requests'],
    ['HTTP/1.1 200 OK\r\n\r\n', 'HTTP responses'],
    ['\x16\x03\x01\x02\x00\x01\x00', 'TLS: the transport is encrypted'],
  ])('%j is named', async (text, name) => {
    const { exit, stdout } = await run(['decode'], { stdin: Buffer.from(text, 'latin1') });
    expect(exit).toBe(1);
    expect(stdout).toContain(`are not transport frames but ${name}`);
  });

  test('what --json prints, encode takes back', async () => {
    const { stdout } = await run(['decode', vectors('session.pcap'), '--json']);
    const lines = stdout.trim().split('\n');
    const whole = lines.map((line) => JSON.parse(line) as { kind: string; size: number; compressed?: boolean });
    const at = whole.findIndex(({ kind, size, compressed }) => kind === 'message' && size > 2_000 && !compressed);
    const { stdout: hex } = await run(['encode', '-'], { stdin: lines[at] ?? '' });
    expect(hex.trim()).toHaveLength(2 * (whole[at]?.size ?? 0));
    const again = (await run(['decode', hex.trim(), '--json', '--action', 'cluster.main'])).stdout;
    expect(Object.keys(JSON.parse(again) as object).join()).toContain(
      'request,error,compressed,handshake,version,requestId,requestHeaders,responseHeaders,answers,body',
    );
    expect(JSON.parse(again)).toMatchObject({ requestId: 3, error: true, exception: { id: 103, cause: { id: 101 } } });
  });

  test('a name of a peer does not reach the terminal as it is', async () => {
    const evil = encodeMessage({
      request: true,
      requestId: 1n,
      version: V_3_9_0,
      action: '\u001b[2Jx\u202e\u009b',
      body: Buffer.from('00', 'hex'),
    });
    const { stdout } = await run(['decode', evil.toString('hex')]);
    expect(stdout).toContain('\\u001b[2Jx\\u202e\\u009b');
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u001b\u009b\u202e]/);
  });

  test.each([
    ['decode', 'reading hex'],
    ['codec', 'reading requests'],
    ['encode -', 'reading JSON'],
  ])('%s tells a person at a terminal that it waits for them', async (line, text) => {
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    const running = start(line.split(' '), { stdin });
    stdin.end(line === 'decode' ? pingHex : '{"ping":true}');
    expect((await running.done).stderr).toMatch(new RegExp(`^${text} from the terminal; Ctrl-D ends the input`));
  });

  test('Ctrl-C ends it with 130, though standard input stays open', async () => {
    const running = start(['decode'], { stdin: new PassThrough() });
    running.interrupt();
    expect(await running.done).toEqual({ exit: 130, stdout: '', stderr: '' });
  });

  test('a reader that goes away ends it quietly', async () => {
    let lines = 0;
    const head = new Writable({
      write: (_chunk, _encoding, callback) => callback(++lines > 3 ? Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }) : null),
    });
    const stderr = new PassThrough();
    const surroundings = { stdin: new PassThrough(), stdout: head, stderr, env: {}, signal: new AbortController().signal };
    expect(await main(['decode', vectors('session.pcap')], surroundings)).toBe(0);
    expect(stderr.read()).toBeNull();
    expect(lines).toBeLessThan(10);
  });
});

describe('colours', () => {
  // oxlint-disable-next-line no-control-regex
  const colour = /\u001b\[\d+m/;
  const coloured = async (args: readonly string[], env: Readonly<Record<string, string>>) =>
    colour.test((await run(['decode', request.toString('hex'), ...args], { env })).stdout);

  test('only on a terminal, unless the environment says otherwise', async () => {
    expect(await coloured([], {})).toBe(false);
    expect(await coloured([], { FORCE_COLOR: '1' })).toBe(true);
    expect(await coloured([], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(true);
    expect(await coloured([], { FORCE_COLOR: '0' })).toBe(false);
    expect(await coloured(['--no-color'], { FORCE_COLOR: '1' })).toBe(false);
    expect(await coloured(['--json'], { FORCE_COLOR: '1' })).toBe(false);
  });

  test.each([
    [{}, true],
    [{ NO_COLOR: '1' }, false],
    [{ NO_COLOR: '' }, true],
    [{ FORCE_COLOR: 'false' }, false],
  ])('on a terminal with %j: %s', async (env, expected) => {
    const stdout = Object.assign(new PassThrough(), { isTTY: true });
    const surroundings = { stdin: new PassThrough(), stdout, stderr: new PassThrough(), env, signal: new AbortController().signal };
    await main(['decode', request.toString('hex')], surroundings);
    expect(colour.test(String(stdout.read()))).toBe(expected);
  });
});

describe('ostp encode', () => {
  test('a frame', async () => {
    const form = { request: true, requestId: 5, version: '3.9.0', action: 'cluster:monitor/main', body: '00' };
    expect((await run(['encode', JSON.stringify(form)])).stdout.trim()).toBe(request.toString('hex'));
    expect((await run(['encode', '{"ping":true}'])).stdout.trim()).toBe(pingHex);
  });

  test('a body at a version of its own', async () => {
    const args = ['encode', 'internal:tcp/handshake', 'request', '{"version":"3.9.0"}', '--version', '2.19.0'];
    expect(await run(args)).toEqual({ exit: 0, stdout: '0004b3cdbc41\n', stderr: '' });
  });
});

describe('ostp actions', () => {
  test('lists the catalogue, and what a pattern leaves of it', async () => {
    expect((await run(['actions'])).stdout).toMatch(/^cluster:monitor\/health +cluster\.health +/m);
    const names = (JSON.parse((await run(['actions', 'indices:*', '--json'])).stdout) as { name: string }[]).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(3);
    expect(names.every((name) => name.startsWith('indices:'))).toBe(true);
  });

  test('says how REST reaches one', async () => {
    expect((await run(['actions', 'docs.get'])).stdout).toMatch(/^REST: GET \/\{index\}\/_doc\/\{id\}/m);
    expect((await run(['actions', 'demo:echo'])).stdout).not.toContain('REST');
  });

  test('shows the fields of one', async () => {
    expect((await run(['actions', 'demo:echo'])).stdout).toContain(
      'request {\n  text: string\n}\nresponse {\n  text: string\n  at: vLong\n}',
    );
  });
});

test('ostp codec answers line by line', async () => {
  const { exit, stdout } = await run(['codec'], { stdin: '{"op":"encode","type":"vInt","value":300}\n{"op":"nope"}\n' });
  const [first, second] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect({ exit, first, second }).toMatchObject({ exit: 0, first: { ok: true, hex: 'ac02' }, second: { ok: false } });
});
