import { expect, test } from 'vitest';
import { nestedSettings } from '../../../../src/devnode/endpoints/nested-settings.ts';

test('settings nest by their names', () => {
  expect(JSON.stringify(nestedSettings({ 'a.b.c': '1', 'a.b.d': '2', e: '3' }))).toBe('{"a":{"b":{"c":"1","d":"2"}},"e":"3"}');
});

test('a setting below one with a value of its own keeps its name', () => {
  expect(JSON.stringify(nestedSettings({ 'http.type': 'netty4', 'http.type.default': 'netty4' }))).toBe(
    '{"http":{"type":"netty4","type.default":"netty4"}}',
  );
});

test('names of the prototype are names like any other', () => {
  expect(JSON.stringify(nestedSettings({ '__proto__.x': '1', 'constructor.y': '2' }))).toBe(
    '{"__proto__":{"x":"1"},"constructor":{"y":"2"}}',
  );
});
