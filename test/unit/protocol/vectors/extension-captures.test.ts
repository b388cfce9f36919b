import { inflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { AnyAction } from '../../../../src/protocol/action/define-action.ts';
import * as extension from '../../../../src/protocol/action/extension/extension.ts';
import { type Codec, decode, encode } from '../../../../src/protocol/codec/codec.ts';
import { struct } from '../../../../src/protocol/codec/combinators.ts';
import { joined } from '../../../../src/protocol/codec/joined.ts';
import { toForm } from '../../../../src/protocol/codec/json-form.ts';
import { taskId } from '../../../../src/protocol/codec/task-id.ts';
import { parseVersion, V_2_0_0 } from '../../../../src/protocol/wire/version.ts';
import { type CapturedFrame, captures, framesOf, type Release, releases } from '../../../vectors/load.ts';

const extensionActions: readonly AnyAction[] = Object.values(extension);

const RESPONSE = 1;
const ERROR = 2;
const COMPRESSED = 4;
const VARIABLE_HEADER_OFFSET = 19;

/** A body with the codec it must fit and what another reader found in it. */
interface CapturedBody {
  readonly name: string;
  readonly codec: Codec<unknown, unknown>;
  readonly version: number;
  readonly body: Buffer;
  readonly reading: Readonly<Record<string, unknown>>;
}

const parentTask = struct({ parentTask: taskId });
const actions = new Map(extensionActions.map((action) => [action.name, action]));

describe.each(releases)('what %s said to extensions', (release) => {
  const bodies = captures(release).flatMap((capture) => framesOf(capture).flatMap(bodiesOf));

  test('is most of what it can say', () => {
    expect(new Set(bodies.map(({ name }) => name)).size).toBeGreaterThanOrEqual(12);
    expect(bodies.length).toBeGreaterThan(150);
  });

  test.each([...new Set(bodies.map(({ name }) => name))])('%s comes back as it was', (wanted) => {
    for (const { codec, version, body } of bodies.filter(({ name }) => name === wanted)) {
      const options = optionsOf(version, release);
      expect(encode(codec, decode(codec, body, options), options).toString('hex')).toBe(body.toString('hex'));
    }
  });

  test('is read as another reader read it', () => {
    let compared = 0;
    for (const { codec, version, body, reading } of bodies) {
      const form = toForm(codec.schema, decode(codec, body, optionsOf(version, release))) as Readonly<Record<string, unknown>>;
      for (const key of ['method', 'uri', 'path', 'params', 'headers', 'success', 'action', 'clusterName']) {
        if (!(key in reading) || !(key in form)) continue;
        expect(form[key]).toEqual(reading[key]);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(300);
  });
});

function optionsOf(version: number, release: Release) {
  return { version, peerVersion: parseVersion(release) };
}

/**
 * The body of a frame of an extension action, unless it is an error. What the extension sent is at times wrong on purpose, and left out; so are
 * streams before 2.0.0, in which a role goes by another name than the one it is sorted by.
 */
function bodiesOf({ dir, bytes, decoded }: CapturedFrame): CapturedBody[] {
  const name = String(decoded['action'] ?? decoded['answers']);
  const action = actions.get(name);
  const status = bytes[14] as number;
  if (action === undefined || !dir.startsWith('node') || bytes.readInt32BE(15) < V_2_0_0 || (status & ERROR) !== 0) return [];
  const isResponse = (status & RESPONSE) !== 0;
  const codec = isResponse ? action.response : joined(parentTask, action.request as Codec<object>, 'body');
  return [
    {
      name: `${isResponse ? 'the answer to' : 'the request'} ${name}`,
      codec: codec as Codec<unknown, unknown>,
      version: bytes.readInt32BE(15),
      body: bodyOf(bytes),
      reading: decoded['body'] as Readonly<Record<string, unknown>>,
    },
  ];
}

function bodyOf(bytes: Buffer): Buffer {
  const body = bytes.subarray(VARIABLE_HEADER_OFFSET + 4 + bytes.readInt32BE(VARIABLE_HEADER_OFFSET));
  return ((bytes[14] as number) & COMPRESSED) === 0 ? body : inflateRawSync(body.subarray(4));
}
