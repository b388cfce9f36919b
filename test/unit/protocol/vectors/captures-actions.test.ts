import { describe, expect, test } from 'vitest';
import { catalogue } from '../../../../src/protocol/action/catalogue.ts';
import type { AnyAction } from '../../../../src/protocol/action/define-action.ts';
import * as extension from '../../../../src/protocol/action/extension/extension.ts';
import type { Codec } from '../../../../src/protocol/codec/codec.ts';
import { NO_TASK, taskId } from '../../../../src/protocol/codec/task-id.ts';
import { StreamInput } from '../../../../src/protocol/wire/stream-input.ts';
import { StreamOutput } from '../../../../src/protocol/wire/stream-output.ts';
import { V_2_0_0 } from '../../../../src/protocol/wire/version.ts';
import { differences } from '../../../support/captured-body.ts';
import type { Message } from '../../../../src/protocol/frame/native/message.ts';
import { messageOf } from '../../../support/frames.ts';
import { type CapturedFrame, captures, framesOf, releases } from '../../../vectors/load.ts';

const extensionActions: readonly AnyAction[] = Object.values(extension);

const actions = new Map(catalogue.filter((action) => !extensionActions.includes(action)).map((action) => [action.name, action]));

/** The captured bodies of our actions that are whole and not wrong on purpose. */
function bodies(release: (typeof releases)[number] | 'mixed') {
  return captures(release).flatMap((capture) => framesOf(capture).flatMap((frame, i) => bodyOf(frame, `${capture.topic} ${i}`)));
}

function bodyOf({ bytes, decoded, dir }: CapturedFrame, where: string) {
  const { body, action, answers } = decoded as { body?: Record<string, unknown>; action?: string; answers?: string };
  const name = action ?? answers;
  const definition = name === undefined ? undefined : actions.get(name);
  const broken = body === undefined || '_decodeError' in body || '_left' in body || 'raw' in body;
  const message = definition === undefined || broken ? undefined : messageOf(bytes);
  if (definition === undefined || message === undefined || message.error) return [];
  const codec = (message.request ? definition.request : definition.response) as Codec<unknown>;
  return [
    {
      what: `${message.request ? 'request' : 'response'} ${String(name)}`,
      where,
      codec,
      message,
      body: body as Record<string, unknown>,
      byNode: dir.startsWith('node'),
    },
  ];
}

/** Other programs than nodes order sets and settings as they like, and nodes send old peers roles in the order of their new names: only the value is the same. */
function valueOf(bytes: Buffer, codec: Codec<unknown>, { version, request }: Message): unknown {
  const input = new StreamInput(bytes, { version });
  if (request) taskId.read(input);
  return codec.read(input);
}

describe.each([...releases, 'mixed'] as const)('captures of %s', (release) => {
  const found = bodies(release);

  test('hold bodies of our actions', () => {
    expect(found.length).toBeGreaterThan(release === 'mixed' ? 3 : 150);
  });

  test.each(found)('$what of $where decodes to the last byte, as its reading aid says, and encodes to the same', (body) => {
    const { what, codec, message } = body;
    const input = new StreamInput(message.body, { version: message.version });
    const parent = message.request ? taskId.read(input) : NO_TASK;
    const value = codec.read(input);
    input.expectEnd(what);
    expect(differences(body.body, value, [what])).toEqual([]);
    const output = new StreamOutput({ version: message.version });
    if (message.request) taskId.write(output, parent);
    codec.write(output, value);
    if (body.byNode && message.version >= V_2_0_0) expect(output.toBuffer().toString('hex')).toBe(message.body.toString('hex'));
    else expect(differences(body.body, valueOf(output.toBuffer(), codec, message), [what])).toEqual([]);
  });
});
