import { expect, test } from 'vitest';
import { empty } from '../../../../src/protocol/codec/primitives.ts';
import { type AnyAction, defineAction } from '../../../../src/protocol/action/define-action.ts';
import { HeaderBlocks } from '../../../../src/transport/channel/outgoing-calls.ts';

function named(name: string): AnyAction {
  return defineAction({ name, request: empty, response: empty });
}

/** No request headers, no response headers, no features, the name. @see wire-format.md §3 */
function header(name: string): string {
  return Buffer.concat([Buffer.from([0, 0, 0, name.length]), Buffer.from(name)]).toString('hex');
}

test('the header of an action is made once', () => {
  const blocks = new HeaderBlocks();
  const [one, two] = [named('demo:one'), named('demo:two')];
  const block = blocks.get(one);
  expect(block.toString('hex')).toBe(header('demo:one'));
  expect(blocks.get(two).toString('hex')).toBe(header('demo:two'));
  expect(blocks.get(one)).toBe(block);
  expect(blocks.get(one)).toBe(block);
});

test('actions that are defined anew for each call share one', () => {
  const blocks = new HeaderBlocks();
  const block = blocks.get(named('demo:one'));
  for (let i = 0; i < 10; i++) expect(blocks.get(named('demo:one'))).toBe(block);
});

test('names without end are not all remembered, and each gets its own', () => {
  const blocks = new HeaderBlocks();
  const first = blocks.get(named('demo:0'));
  for (let i = 1; i < 3000; i++) expect(blocks.get(named(`demo:${i}`)).toString('hex')).toBe(header(`demo:${i}`));
  expect(blocks.get(named('demo:2999'))).toBe(blocks.get(named('demo:2999')));
  expect(blocks.get(named('demo:0'))).not.toBe(first);
  expect(blocks.get(named('demo:0')).toString('hex')).toBe(header('demo:0'));
});
