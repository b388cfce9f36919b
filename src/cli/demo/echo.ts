import { defineAction } from '../../protocol/action/define-action.ts';
import { struct } from '../../protocol/codec/combinators.ts';
import { string, vLong } from '../../protocol/codec/primitives.ts';

/** `demo:echo`: the action `ostp serve` has besides those of a node. `str` text; the answer has it again and the time in milliseconds. */
export const echo = defineAction({
  name: 'demo:echo',
  request: struct({ text: string }),
  response: struct({ text: string, at: vLong }),
  summary: 'Gives a text back (ostp serve)',
  idempotent: true,
});
