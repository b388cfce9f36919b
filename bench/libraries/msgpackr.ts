import { Packr } from 'msgpackr';
import { coder, type Library, sharedCases, touchMessage } from '../corpus/codec.ts';
import type { Message } from '../corpus/values.ts';

/** Both ends know the record of a message; headers stay a map, for their names are the caller's. */
const records = new Packr({ structures: [['id', 'action', 'headers', 'body']], maxSharedStructures: 1 });
const maps = new Packr({ useRecords: false });

/** msgpackr, with a record for the message and maps for what has no fixed shape. */
export const msgpackr: Library = {
  name: 'msgpackr',
  packages: ['msgpackr'],
  cases: sharedCases({
    message: coder<Message>(
      (value) => records.pack(value),
      (bytes) => records.unpack(bytes) as Message,
      touchMessage,
    ),
    text: coder<string>(
      (value) => maps.pack(value),
      (bytes) => maps.unpack(bytes) as string,
      (text) => text.length,
    ),
    numbers: coder<readonly number[]>(
      (value) => maps.pack(value),
      (bytes) => maps.unpack(bytes) as number[],
      (numbers) => numbers[0] as number,
    ),
    document: coder<Record<string, unknown>>(
      (value) => maps.pack(value),
      (bytes) => maps.unpack(bytes) as Record<string, unknown>,
      (document) => document['count'] as number,
    ),
  }),
};
