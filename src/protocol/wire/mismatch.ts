import { UsageError } from '../error/transport-error.ts';

const MAX_SHOWN_CHARS = 80;

/** Returns the error for a value that its codec cannot write; undefined is a field that was left out. @param expected with its article */
export function mismatch(expected: string, value: unknown): UsageError {
  const text = value === undefined ? `the value is missing: expected ${expected}` : `expected ${expected}, got ${shown(value)}`;
  return new UsageError('ERR_USAGE', {}, text);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value.slice(0, MAX_SHOWN_CHARS)}'`;
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return String(value);
  return typeof value === 'object' ? 'an object' : 'a function';
}
