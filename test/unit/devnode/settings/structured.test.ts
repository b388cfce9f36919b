import { expect, test } from 'vitest';
import { structuredSettings } from '../../../../src/devnode/settings/structured.ts';

test('settings nest by their names', () => {
  expect(JSON.stringify(structuredSettings({ 'a.b.c': '1', 'a.b.d': '2', e: '3' }))).toBe('{"a":{"b":{"c":"1","d":"2"}},"e":"3"}');
});

test('a setting below one with a value of its own keeps its name', () => {
  expect(JSON.stringify(structuredSettings({ 'http.type': 'netty4', 'http.type.default': 'netty4' }))).toBe(
    '{"http":{"type":"netty4","type.default":"netty4"}}',
  );
});

test('names of the prototype are names like any other', () => {
  expect(JSON.stringify(structuredSettings({ '__proto__.x': '1', 'constructor.y': '2' }))).toBe(
    '{"__proto__":{"x":"1"},"constructor":{"y":"2"}}',
  );
});
