import { expect, test } from 'vitest';
import { empty } from '../../../../../src/protocol/codec/primitives.ts';
import { type AnyAction, defineAction } from '../../../../../src/protocol/action/define-action.ts';
import { FIXED_HEADER_BYTES } from '../../../../../src/protocol/frame/native/fixed-header.ts';
import { type RequestHead, RequestHeads } from '../../../../../src/protocol/frame/native/request-head.ts';
import { StreamOutput } from '../../../../../src/protocol/wire/stream-output.ts';

function named(name: string): AnyAction {
  return defineAction({ name, request: empty, response: empty });
}

/** No request headers, no response headers, no features, the name. @see wire-format.md §3 */
function header(name: string): string {
  return Buffer.concat([Buffer.from([0, 0, 0, name.length]), Buffer.from(name)]).toString('hex');
}

function written(head: RequestHead): string {
  const output = new StreamOutput();
  head.begin(output, null);
  return output.toBuffer().subarray(FIXED_HEADER_BYTES).toString('hex');
}

test('the header of an action is made once', () => {
  const heads = new RequestHeads();
  const [one, two] = [named('demo:one'), named('demo:two')];
  const head = heads.get(one);
  expect(written(head)).toBe(header('demo:one'));
  expect(written(heads.get(two))).toBe(header('demo:two'));
  expect(heads.get(one)).toBe(head);
  expect(heads.get(one)).toBe(head);
});

test('actions that are defined anew for each call share one', () => {
  const heads = new RequestHeads();
  const head = heads.get(named('demo:one'));
  for (let i = 0; i < 10; i++) expect(heads.get(named('demo:one'))).toBe(head);
});

test('names without end are not all remembered, and each gets its own', () => {
  const heads = new RequestHeads();
  const first = heads.get(named('demo:0'));
  for (let i = 1; i < 3000; i++) expect(written(heads.get(named(`demo:${i}`)))).toBe(header(`demo:${i}`));
  expect(heads.get(named('demo:2999'))).toBe(heads.get(named('demo:2999')));
  expect(heads.get(named('demo:0'))).not.toBe(first);
  expect(written(heads.get(named('demo:0')))).toBe(header('demo:0'));
});
