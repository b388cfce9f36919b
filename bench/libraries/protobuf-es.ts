import { create, createFileRegistry, fromBinary, type Message as ProtobufMessage, toBinary } from '@bufbuild/protobuf';
import { type GenFile, type GenMessage, messageDesc } from '@bufbuild/protobuf/codegenv2';
import { FieldDescriptorProto_Label as Label, FieldDescriptorProto_Type as Type, FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { coder, type Library, sharedCases, touchMessage } from '../corpus/codec.ts';
import type { Message } from '../corpus/values.ts';

type Request = ProtobufMessage<'bench.Request'> & { id: bigint; action: string; headers: Record<string, string>; body: Uint8Array };
type Text = ProtobufMessage<'bench.Text'> & { text: string };
type Numbers = ProtobufMessage<'bench.Numbers'> & { numbers: number[] };

const field = (name: string, number: number, type: Type, label: Label = Label.OPTIONAL) => ({ name, number, type, label });

const entry = {
  name: 'HeadersEntry',
  field: [field('key', 1, Type.STRING), field('value', 2, Type.STRING)],
  options: { mapEntry: true },
};
const headers = { ...field('headers', 3, Type.MESSAGE, Label.REPEATED), typeName: '.bench.Request.HeadersEntry' };
const descriptor = create(FileDescriptorProtoSchema, {
  name: 'codec.proto',
  package: 'bench',
  syntax: 'proto3',
  messageType: [
    {
      name: 'Request',
      field: [field('id', 1, Type.UINT64), field('action', 2, Type.STRING), headers, field('body', 4, Type.BYTES)],
      nestedType: [entry],
    },
    { name: 'Text', field: [field('text', 1, Type.STRING)] },
    { name: 'Numbers', field: [field('numbers', 1, Type.UINT32, Label.REPEATED)] },
  ],
});
/** What protoc-gen-es generates is this file with types. */
const file = createFileRegistry(descriptor, () => undefined).getFile('codec.proto') as GenFile;
const RequestSchema: GenMessage<Request> = messageDesc(file, 0);
const TextSchema: GenMessage<Text> = messageDesc(file, 1);
const NumbersSchema: GenMessage<Numbers> = messageDesc(file, 2);

/** @bufbuild/protobuf with the schemas protoc-gen-es would generate. */
export const protobufEs: Library = {
  name: 'protobuf-es',
  packages: ['@bufbuild/protobuf'],
  cases: sharedCases({
    message: coder<Message>(encodeMessage, decodeMessage, touchMessage),
    text: coder<string>(
      (text) => toBinary(TextSchema, create(TextSchema, { text })),
      (bytes) => fromBinary(TextSchema, bytes).text,
      (text) => text.length,
    ),
    numbers: coder<readonly number[]>(
      (numbers) => toBinary(NumbersSchema, create(NumbersSchema, { numbers: numbers as number[] })),
      (bytes) => fromBinary(NumbersSchema, bytes).numbers,
      (numbers) => numbers[0] as number,
    ),
  }),
};

function encodeMessage({ id, action, headers: map, body }: Message): Uint8Array {
  return toBinary(RequestSchema, create(RequestSchema, { id: BigInt(id), action, headers: map, body }));
}

function decodeMessage(bytes: Uint8Array): Message {
  const { id, action, headers: map, body } = fromBinary(RequestSchema, bytes);
  return { id: Number(id), action, headers: map, body };
}
