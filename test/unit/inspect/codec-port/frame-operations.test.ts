import { describe, expect, it } from 'vitest';
import { portRegistry } from '../../../../src/inspect/codec-port/port-registry.ts';
import { answer } from '../../../../src/cli/codec-port/serve-port.ts';
import { goldenVectors, releases } from '../../../vectors/load.ts';

type Answer = Readonly<Record<string, unknown>>;

const ask = (request: object): Answer => JSON.parse(answer(JSON.stringify(request), portRegistry)) as Answer;

/** A message as the vectors have it: deflate output depends on the library, so its size says nothing. */
function comparable(message: Answer): Answer {
  const { messageSize: _, ...rest } = message;
  return message['compressed'] === true ? rest : message;
}

describe.each(releases)('frames of %s over the port', (release) => {
  const vectors = goldenVectors(release)
    .filter(({ kind }) => kind === 'frame')
    .map(({ id, value, hex }) => ({ id, hex, parts: value as Answer, decoded: value?.['decoded'] as Answer[] | undefined }));

  it.each(vectors)('$id decodes whole and byte by byte', ({ hex, decoded }) => {
    const whole = ask({ op: 'decode', type: 'frame', hex });
    expect(whole['ok'], String(whole['error'])).toBe(true);
    expect(ask({ op: 'decode', type: 'frame', hex, chunk: 1 })).toEqual(whole);
    if (decoded !== undefined) expect(whole['value']).toEqual(decoded);
  });

  it.each(vectors)('$id encodes again as it is', ({ hex }) => {
    const [message] = ask({ op: 'decode', type: 'frame', hex })['value'] as Answer[];
    const again = ask({ op: 'encode', type: 'frame', value: message });
    if (message?.['compressed'] !== true) {
      expect(again).toEqual({ ok: true, hex });
      return;
    }
    const [inflated] = ask({ op: 'decode', type: 'frame', hex: again['hex'] })['value'] as Answer[];
    expect(comparable(inflated ?? {})).toEqual(comparable(message));
  });

  it.each(vectors.filter(({ parts }) => 'request' in parts && parts['compressed'] !== true))(
    '$id is made from its parts',
    ({ hex, parts }) => {
      const { decoded: _, ...value } = parts;
      expect(ask({ op: 'encode', type: 'frame', value })).toEqual({ ok: true, hex });
    },
  );

  const errors = vectors.filter(({ parts }) => typeof parts['bodyHex'] === 'string');

  it.each(errors)('$id carries an exception', ({ hex, parts }) => {
    const body = parts['bodyHex'] as string;
    const [message] = ask({ op: 'decode', type: 'frame', hex })['value'] as Answer[];
    expect(message).toMatchObject({ error: true, body });
    const { version } = message as { version: number };
    const { value: exception } = ask({ op: 'decode', type: 'exception', version, hex: body });
    const { body: _, ...rest } = message ?? {};
    expect(ask({ op: 'encode', type: 'frame', value: { ...rest, exception } })).toEqual({ ok: true, hex });
  });
});

describe('the frame type', () => {
  it('gives several messages, pings and what is left', () => {
    const response = ask({ op: 'encode', type: 'frame', value: { requestId: '9007199254740993', version: '2.19.0', body: 'ff' } })[
      'hex'
    ] as string;
    const value = ask({ op: 'decode', type: 'frame', hex: `4553ffffffff${response}4553ffffffff455300` })['value'] as Answer[];
    expect(value).toHaveLength(4);
    expect(value[0]).toEqual({ ping: true });
    expect(value[1]).toMatchObject({ request: false, requestId: '9007199254740993', version: 136407827, body: 'ff' });
    expect(value[2]).toEqual({ ping: true });
    expect(value[3]).toEqual({ unread: 3 });
  });

  it('refuses keys it does not know', () => {
    expect(ask({ op: 'encode', type: 'frame', value: { requestId: 1, boddy: '' } })['error']).toMatch(/^ERR_USAGE: boddy: unknown field/);
    expect(ask({ op: 'encode', type: 'frame', value: {} })['error']).toBe('ERR_USAGE: requestId: missing');
  });
});
