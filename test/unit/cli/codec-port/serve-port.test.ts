import { PassThrough, Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { portRegistry } from '../../../../src/inspect/codec-port/port-registry.ts';
import { createRegistry } from '../../../../src/inspect/codec-port/registry.ts';
import { answer, servePort } from '../../../../src/cli/codec-port/serve-port.ts';

type Answer = Readonly<Record<string, unknown>>;

const ask = (request: unknown): Answer => JSON.parse(answer(JSON.stringify(request), portRegistry)) as Answer;

async function serve(chunks: readonly (string | Buffer)[], maxLineBytes?: number): Promise<Answer[]> {
  const output = new PassThrough();
  await servePort(Readable.from(chunks), output, portRegistry, maxLineBytes);
  output.end();
  const text = Buffer.concat(await output.toArray()).toString();
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Answer);
}

describe('the codec port', () => {
  it('lists its types and actions', () => {
    const { ok, types, actions } = ask({ op: 'ping' }) as { ok: boolean; types: string[]; actions: string[] };
    expect(ok).toBe(true);
    expect(types).toEqual(expect.arrayContaining(['vInt', 'exception', 'writeableSetting', 'frame', 'extension:ExtensionRestRequest']));
    expect(actions).toContain('cluster:monitor/health');
    for (const action of actions) expect(types).toEqual(expect.arrayContaining([`request:${action}`, `response:${action}`]));
  });

  it('answers one line with one, in order, however the input is cut', async () => {
    const lines = [
      '{"op":"ping","id":1}',
      'nonsense',
      '{"op":"encode","type":"string","value":"é\\ud83d","id":"two"}',
      '',
      '  ',
      '{"op":"ping","id":[3]}',
    ];
    const whole = Buffer.from(lines.join('\r\n'));
    const cut = Array.from(whole, (byte) => Buffer.from([byte]));
    for (const chunks of [[whole], cut, [lines.join('\n')]]) {
      const answers = await serve(chunks);
      expect(answers.map(({ ok, id }) => [ok, id])).toEqual([
        [true, 1],
        [false, undefined],
        [true, 'two'],
        [false, undefined],
        [false, undefined],
        [true, [3]],
      ]);
      expect(answers[2]?.['hex']).toBe('02c3a9eda0bd');
    }
  });

  it('escapes lone surrogates', () => {
    expect(answer('{"op":"decode","type":"string","hex":"01eda0bd"}', portRegistry)).toBe('{"ok":true,"value":"\\ud83d","rest":0}');
  });

  it('drops a line that is too long and goes on', async () => {
    const long = `{"op":"encode","type":"string","value":"${'x'.repeat(500)}"}`;
    const answers = await serve([long.slice(0, 90), long.slice(90), '\n{"op":"ping","id":1}\n', long], 100);
    expect(answers.map(({ ok, error }) => error ?? ok)).toEqual([
      'ERR_USAGE: the line is too long',
      true,
      'ERR_USAGE: the line is too long',
    ]);
  });

  it('waits for a slow reader', async () => {
    const seen: string[] = [];
    const slow = new Writable({
      highWaterMark: 1,
      write(chunk: Buffer, _, done) {
        setImmediate(() => {
          seen.push(chunk.toString());
          done();
        });
      },
    });
    const registry = createRegistry();
    await servePort(
      Readable.from(Array.from({ length: 20 }, (_, id) => `{"op":"compatible","a":"2.19.0","b":"3.9.0","id":${id}}\n`)),
      slow,
      registry,
    );
    expect(slow.writableLength).toBeLessThan(200);
    slow.end();
    await new Promise((resolve) => slow.once('finish', resolve));
    expect(seen).toHaveLength(20);
  });

  it('ends when its reader has gone', async () => {
    const gone = new Writable({ highWaterMark: 1, write: () => gone.destroy() });
    await servePort(Readable.from(['{"op":"ping"}\n', '{"op":"ping"}\n']), gone, portRegistry);
    expect(gone.destroyed).toBe(true);
  });

  it.each<[string, unknown, RegExp]>([
    ['no object', [1], /^ERR_USAGE: expected a JSON object/],
    ['null', null, /^ERR_USAGE: expected a JSON object/],
    ['no op', {}, /^ERR_USAGE: op: expected one of ping, encode/],
    ['an op of Object', { op: 'toString' }, /^ERR_USAGE: op:/],
    ['an unknown type', { op: 'encode', type: 'vint', value: 1 }, /^ERR_USAGE: type: "vint" is not a type/],
    ['no type', { op: 'decode', hex: '' }, /^ERR_USAGE: type: missing/],
    ['no hex', { op: 'decode', type: 'int' }, /^ERR_USAGE: expected bytes as a hex string/],
    ['too few bytes', { op: 'decode', type: 'int', hex: '0000' }, /^ERR_DECODE: expected 4 more bytes, got 2/],
    [
      'the path to bad bytes',
      { op: 'decode', type: 'longArray', hex: '02000000000000000100000000000000' },
      /^ERR_DECODE: .*needs at least|^ERR_DECODE: \[1\]: /,
    ],
    [
      'a value of another kind',
      { op: 'encode', type: 'vInt', value: 'x' },
      /^ERR_USAGE: expected vInt \(an integer from -2147483648 to 2147483647\), got 'x'/,
    ],
    ['no value', { op: 'encode', type: 'string' }, /^ERR_USAGE: the value is missing: expected a string/],
    [
      'a key nobody knows',
      { op: 'encode', type: 'shardId', value: { index: 'a', uuid: 'b', shard: 1, x: 1 } },
      /^ERR_USAGE: x: unknown field/,
    ],
    [
      'a version that is none',
      { op: 'encode', type: 'int', version: 'new', value: 1 },
      /^ERR_USAGE: expected a version such as 2.19.6 or 3.0.0-rc1, got 'new'/,
    ],
    ['a version of another kind', { op: 'encode', type: 'int', version: true, value: 1 }, /^ERR_USAGE: version:/],
    ['a fraction of a version', { op: 'encode', type: 'int', version: 1.5, value: 1 }, /^ERR_USAGE: version:/],
    ['a frame that is none', { op: 'encode', type: 'frame', value: 5 }, /^ERR_USAGE: value: expected the form of a frame/],
    ['bytes of no frame', { op: 'decode', type: 'frame', hex: '474554202f20' }, /^ERR_BAD_MARKER: /],
    ['a chunk of nothing', { op: 'decode', type: 'frame', hex: '', chunk: 0 }, /^ERR_USAGE: chunk:/],
  ])('answers %s with an error', (_, request, error) => {
    const answered = ask(request);
    expect(answered['ok']).toBe(false);
    expect(answered['error']).toMatch(error);
  });

  it('answers endless nesting with an error', () => {
    const line = `{"op":"encode","type":"genericValue","value":${'{"t":"list","v":['.repeat(20_000)}${']}'.repeat(20_000)}}`;
    expect(JSON.parse(answer(line, portRegistry))).toMatchObject({ ok: false, error: expect.stringMatching(/^ERR_USAGE: /) as unknown });
  });

  it('recodes from one version to another', () => {
    const value = {
      name: 'n',
      id: 'i',
      ephemeralId: 'e',
      hostName: 'h',
      hostAddress: 'a',
      address: { ip: '7f000001', host: 'h', port: 1 },
      roles: [],
      versionId: 1,
    };
    const newer = ask({ op: 'encode', type: 'discoveryNode', value });
    const older = ask({ op: 'encode', type: 'discoveryNode', version: '2.19.0', value });
    expect(newer['hex']).not.toBe(older['hex']);
    expect(ask({ op: 'recode', type: 'discoveryNode', outVersion: '2.19.0', hex: `${newer['hex'] as string}ff` })).toEqual({
      ok: true,
      hex: older['hex'],
      rest: 1,
    });
  });

  it('gives a request its parent task, none when it is left out', () => {
    const of = { type: 'request:cluster:monitor/main', version: '2.19.0' };
    expect(ask({ op: 'encode', ...of, value: {} })).toEqual({ ok: true, hex: '00' });
    expect(ask({ op: 'decode', ...of, hex: '0161000000000000002a' })).toEqual({
      ok: true,
      value: { parentTask: { nodeId: 'a', id: '42' } },
      rest: 0,
    });
  });

  it('judges versions', () => {
    expect(ask({ op: 'compatible', a: '2.18.0', b: 137307827 })).toEqual({ ok: true, value: false, aMinimum: '1.0.0', bMinimum: '2.19.0' });
    expect(ask({ op: 'versionCheck', own: '2.19.6', version: '3.9.0', handshake: true })).toEqual({
      ok: true,
      accepted: false,
      error: 'Received handshake message from unsupported version: [3.9.0] minimal compatible version is: [7.10.0]',
    });
    expect(ask({ op: 'versionCheck', own: '2.19.6', version: '3.9.0', handshake: false })).toEqual({ ok: true, accepted: true });
  });
});
