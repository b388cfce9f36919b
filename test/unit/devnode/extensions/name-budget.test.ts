import { expect, test } from 'vitest';
import { NameBudget } from '../../../../src/devnode/extensions/name-budget.ts';

const tooMany = expect.objectContaining({ status: 429, message: expect.stringContaining('at most 100000 names of things') });

test('names and their characters are bounded, and a refusal charges nothing', () => {
  const budget = new NameBudget('things');
  budget.charge(Array.from({ length: 99_999 }, () => 'a'));
  expect(() => budget.charge(['a', 'b'])).toThrow(tooMany);
  expect(() => budget.charge(['a'.repeat(32 * 1024 * 1024)])).toThrow(tooMany);
  budget.charge(['a']);
  expect(() => budget.charge(['a'])).toThrow(tooMany);
});
