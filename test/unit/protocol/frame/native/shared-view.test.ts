import { expect, test } from 'vitest';
import { SharedView } from '../../../../../src/protocol/frame/native/shared-view.ts';

test('the same memory has the same view, and another memory another one', () => {
  const views = new SharedView();
  const memory = new ArrayBuffer(8);
  const view = views.of(memory);
  view.setInt32(4, 7);
  expect(views.of(memory)).toBe(view);
  const other = views.of(new ArrayBuffer(4));
  expect(other.byteLength).toBe(4);
  expect(views.of(memory).getInt32(4)).toBe(7);
});
