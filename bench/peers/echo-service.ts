import { create, createFileRegistry } from '@bufbuild/protobuf';
import type { GenFile, GenMessage, GenService } from '@bufbuild/protobuf/codegenv2';
import { messageDesc, serviceDesc } from '@bufbuild/protobuf/codegenv2';
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt';
import type { Message } from '@bufbuild/protobuf';

/** message Echo { bytes body = 1; } */
export type Echo = Message<'bench.Echo'> & { body: Uint8Array };

const descriptor: FileDescriptorProto = create(FileDescriptorProtoSchema, {
  name: 'echo.proto',
  package: 'bench',
  syntax: 'proto3',
  messageType: [
    {
      name: 'Echo',
      field: [{ name: 'body', number: 1, type: FieldDescriptorProto_Type.BYTES, label: FieldDescriptorProto_Label.OPTIONAL }],
    },
  ],
  service: [{ name: 'EchoService', method: [{ name: 'Echo', inputType: '.bench.Echo', outputType: '.bench.Echo' }] }],
});

const file = createFileRegistry(descriptor, () => undefined).getFile('echo.proto') as GenFile;

/** What protoc-gen-es would have generated from the same file. */
export const EchoSchema: GenMessage<Echo> = messageDesc(file, 0);

/** service EchoService { rpc Echo(Echo) returns (Echo); } */
export const EchoService: GenService<{ echo: { methodKind: 'unary'; input: typeof EchoSchema; output: typeof EchoSchema } }> = serviceDesc(
  file,
  0,
);
