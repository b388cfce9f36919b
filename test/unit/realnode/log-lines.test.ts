import { expect, test } from 'vitest';
import { LineSplitter, LogTail } from '../../../src/realnode/log-lines.ts';

test('a text split anywhere gives the same lines', () => {
  const text = 'one\r\ntwo\n\n\u001b[1mthree\u001b[0m\nlast';
  for (let cut = 0; cut <= text.length; cut++) {
    const lines: string[] = [];
    const splitter = new LineSplitter((line) => lines.push(line));
    splitter.push(text.slice(0, cut));
    splitter.push(text.slice(cut));
    splitter.end();
    expect(lines).toEqual(['one', 'two', '', 'three', 'last']);
  }
});

test('a line without end is handed over before it grows too long', () => {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (let i = 0; i < 100; i++) splitter.push('x'.repeat(1024));
  expect(lines).toHaveLength(1);
  expect(lines[0]?.length).toBe(65 * 1024);
});

test('the tail forgets what is old', () => {
  const tail = new LogTail(10);
  for (let i = 1; i <= 55; i++) tail.push(`line ${i}`);
  expect(tail.lines()).toEqual(Array.from({ length: 10 }, (_, i) => `line ${46 + i}`));
  expect(tail.lines(2)).toEqual(['line 54', 'line 55']);
  tail.push('  ');
  expect(tail.text(2)).toBe('line 54\nline 55');
});
