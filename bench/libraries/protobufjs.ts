import protobuf from 'protobufjs';
import { coder, type Library, sharedCases, touchMessage } from '../corpus/codec.ts';
import type { Message } from '../corpus/values.ts';

const { root } = protobuf.parse(`
  syntax = "proto3";
  message Request { uint64 id = 1; string action = 2; map<string, string> headers = 3; bytes body = 4; }
  message Text { string text = 1; }
  message Numbers { repeated uint32 numbers = 1; }`);
/** Ids stay below 2⁵³. */
const Request = root.lookupType('Request');
const Text = root.lookupType('Text');
const Numbers = root.lookupType('Numbers');

/** protobufjs, compiled from a schema. */
export const protobufJs: Library = {
  name: 'protobufjs',
  packages: ['protobufjs'],
  cases: sharedCases({
    message: coder<Message>((value) => Request.encode(value).finish(), decodeMessage, touchMessage),
    text: coder<string>(
      (text) => Text.encode({ text }).finish(),
      (bytes) => (Text.decode(bytes) as unknown as { text: string }).text,
      (text) => text.length,
    ),
    numbers: coder<readonly number[]>(
      (numbers) => Numbers.encode({ numbers }).finish(),
      (bytes) => (Numbers.decode(bytes) as unknown as { numbers: number[] }).numbers,
      (numbers) => numbers[0] as number,
    ),
  }),
};

function decodeMessage(bytes: Uint8Array): Message {
  const { id, action, headers, body } = Request.decode(bytes) as unknown as Omit<Message, 'id'> & { id: number | { toNumber(): number } };
  return { id: typeof id === 'number' ? id : id.toNumber(), action, headers, body };
}
