import { describe, expect, test } from 'vitest';
import { catalogue } from '../../../../src/protocol/action/catalogue.ts';
import type { AnyAction } from '../../../../src/protocol/action/define-action.ts';
import * as extension from '../../../../src/protocol/action/extension/extension.ts';
import type { AnyCodec, Codec } from '../../../../src/protocol/codec/codec.ts';
import { fromForm, toForm } from '../../../../src/protocol/codec/json-form.ts';
import { NO_TASK, taskId } from '../../../../src/protocol/codec/task-id.ts';
import { StreamInput } from '../../../../src/protocol/wire/stream-input.ts';
import { StreamOutput } from '../../../../src/protocol/wire/stream-output.ts';
import { parseVersion } from '../../../../src/protocol/wire/version.ts';
import { expectedForm } from '../../../support/action-inputs.ts';
import { type GoldenVector, goldenVectors, releases } from '../../../vectors/load.ts';

const extensionActions: readonly AnyAction[] = Object.values(extension);

const actions = new Map(catalogue.filter((action) => !extensionActions.includes(action)).map((action) => [action.name, action]));

interface ActionVector extends GoldenVector {
  readonly codec: AnyCodec;
  readonly parented: boolean;
}

function codecOf({ kind, value }: GoldenVector): AnyCodec | undefined {
  // One vector of an acknowledged response stands for every action that answers with one.
  const name = (value?.['action'] as string | null | undefined) ?? 'indices:admin/delete';
  const action = actions.get(name);
  return kind === 'action.request' ? action?.request : kind === 'action.response' ? action?.response : undefined;
}

/** The vectors of catalogued actions of one release. */
function actionVectors(release: (typeof releases)[number]): ActionVector[] {
  return goldenVectors(release).flatMap((vector) => {
    const codec = codecOf(vector);
    return codec === undefined ? [] : [{ ...vector, codec, parented: vector.kind === 'action.request' }];
  });
}

const versionOf = ({ streamVersion }: GoldenVector) => ({ version: parseVersion(streamVersion ?? '') });

function decodeVector(vector: ActionVector): { parent: unknown; value: unknown } {
  const input = new StreamInput(Buffer.from(vector.hex, 'hex'), versionOf(vector));
  const parent = vector.parented ? taskId.read(input) : null;
  const value = vector.codec.read(input);
  input.expectEnd(vector.id);
  return { parent, value };
}

function encodeVector(vector: ActionVector, { parent, value }: { parent: unknown; value: unknown }): string {
  const output = new StreamOutput(versionOf(vector));
  if (vector.parented) taskId.write(output, parent as never);
  (vector.codec as Codec<unknown, unknown>).write(output, value);
  return output.toBuffer().toString('hex');
}

describe.each(releases)('actions of %s', (release) => {
  const vectors = actionVectors(release);

  test('are many', () => {
    expect(vectors.length).toBeGreaterThan(80);
    const seen = new Set(vectors.map(({ value }) => value?.['action'] ?? 'indices:admin/delete'));
    expect([...actions.keys()].filter((name) => !seen.has(name))).toEqual(['internal:tcp/handshake', 'internal:transport/handshake']);
  });

  test.each(vectors)('$id decodes to the last byte and encodes to the same bytes', (vector) => {
    const decoded = decodeVector(vector);
    expect(encodeVector(vector, decoded)).toBe(vector.hex);
  });

  const described = vectors.flatMap((vector) => {
    const expected = expectedForm(vector);
    return expected === undefined ? [] : [{ ...vector, expected }];
  });

  test('describe what went in', () => expect(described.length).toBeGreaterThan(60));

  test.each(described)('$id decodes to what went in', (vector) => {
    const { parent, value } = decodeVector(vector);
    const form = toForm(vector.codec.schema, value, versionOf(vector).version) as object;
    expect({ ...form, parentTask: toForm(taskId.schema, parent ?? NO_TASK) }).toMatchObject(vector.expected);
  });

  test.each(vectors)('$id survives its JSON form', (vector) => {
    const { parent, value } = decodeVector(vector);
    const { version } = versionOf(vector);
    const form = JSON.parse(JSON.stringify(toForm(vector.codec.schema, value, version)));
    expect(encodeVector(vector, { parent, value: fromForm(vector.codec.schema, form, version) })).toBe(vector.hex);
  });

  test.each(vectors)('$id cut anywhere is refused with ERR_DECODE', (vector) => {
    const bytes = Buffer.from(vector.hex, 'hex');
    for (let end = vector.parented ? 1 : 0; end < bytes.length; end++) {
      const cut = { ...vector, hex: bytes.subarray(0, end).toString('hex') };
      expect(() => decodeVector(cut), `cut at ${end}`).toThrow(expect.objectContaining({ code: 'ERR_DECODE' }));
    }
  });
});
