import { expect, test } from 'vitest';
import { jsonLine, oneLine, printable } from '../../../../src/protocol/error/printable.ts';

test.each([
  ['tab and line feed', 'a\tb\nc'],
  ['letters of every script', 'Grüße, Привет, 你好, שלום, हिन्दी'],
  ['emoji, also composed ones', '😀 👩‍❤️‍👨 👩🏽‍🚀 1️⃣ ❤️'],
  ['joiners in scripts that are spelt with them', 'می\u200cخواهم क्\u200dष'],
  ['variants of Han characters', '葛\u{fe00}'],
])('%s stay as they are', (_what, text) => {
  expect(printable(text)).toBe(text);
});

test.each([
  ['C0 and DEL', 'a\u0000\u001b\r\u007f', String.raw`a\u0000\u001b\u000d\u007f`],
  ['C1', '\u0080\u0085\u009b\u009f', String.raw`\u0080\u0085\u009b\u009f`],
  ['marks of direction', '\u061c\u200e\u200f\u202a\u202e\u2066\u2069', String.raw`\u061c\u200e\u200f\u202a\u202e\u2066\u2069`],
  ['line separators', '\u2028\u2029', String.raw`\u2028\u2029`],
  ['lone surrogates', '\ud800a\udc00', String.raw`\ud800a\udc00`],
  ['zero-width characters', 'ad\u200bmin\u2060\ufeff', String.raw`ad\u200bmin\u2060\ufeff`],
  ['joiners after Latin letters', 'admin\u200d\u200c', String.raw`admin\u200d\u200c`],
  ['a second joiner', 'می\u200c\u200c', `می\u200c${String.raw`\u200c`}`],
  ['soft hyphens and fillers', 'ad\u00admin\u3164\uffa0\u115f', String.raw`ad\u00admin\u3164\uffa0\u115f`],
  ['variation selectors after letters', 'admin\ufe0f\u{e0100}', String.raw`admin\ufe0f\udb40\udd00`],
  ['tags', 'a\u{e0041}', String.raw`a\udb40\udc41`],
  ['annotation', '\ufff9a\ufffb', String.raw`\ufff9a\ufffb`],
])('%s become escapes', (_what, text, shown) => {
  expect(printable(text)).toBe(shown);
  expect(JSON.parse(jsonLine({ text }))).toEqual({ text });
  expect(jsonLine(text)).toBe(`"${shown}"`.replace(String.raw`\u000d`, String.raw`\r`));
});

test('one line stays one line, and cannot be forged into two', () => {
  expect(oneLine('a\nERROR b\r\n\tc')).toBe(String.raw`a\nERROR b\u000d\n\tc`);
  expect(oneLine('plain')).toBe('plain');
});
