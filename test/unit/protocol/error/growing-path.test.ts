import { expect, test } from 'vitest';
import { underPath } from '../../../../src/protocol/codec/codec.ts';
import { DecodeError } from '../../../../src/protocol/error/transport-error.ts';
import { StreamInput } from '../../../../src/protocol/wire/stream-input.ts';

test('the path of an error of a stream grows in place', () => {
  const error = new StreamInput(Buffer.of(1)).fail('not a name');
  expect(underPath(underPath(error, 'name'), 'node')).toBe(error);
  expect(error.path).toEqual(['node', 'name']);
});

test('the path of an error of other code stays as it is; a copy of the error has the longer one', () => {
  const path = ['name'];
  const error = new DecodeError('ERR_DECODE', { offset: 4, path }, 'not a name');
  const grown = underPath(error, 'node');
  expect(grown).not.toBe(error);
  expect(grown).toMatchObject({ code: 'ERR_DECODE', offset: 4, path: ['node', 'name'], message: 'not a name' });
  expect(path).toEqual(['name']);
  expect(underPath(grown, 'nodes')).toBe(grown);
});
