import { readdirSync, readFileSync } from 'node:fs';
import protobufjs from 'protobufjs';
import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  type ExtensionRequest,
  ExtensionRequestSchema,
  RequestType,
} from '../../../../src/gen/org/opensearch/extensions/proto/ExtensionRequestProto_pb.ts';
import { ExtensionTransportMessageSchema } from '../../../../src/gen/org/opensearch/extensions/proto/HandleTransportRequestProto_pb.ts';
import { RegisterRestActionsSchema } from '../../../../src/gen/org/opensearch/extensions/proto/RegisterRestActionsProto_pb.ts';
import { decode, encode, type OutOf } from '../../../../src/protocol/codec/codec.ts';
import { struct } from '../../../../src/protocol/codec/combinators.ts';
import { fromForm, toForm } from '../../../../src/protocol/codec/json-form.ts';
import { bytes, string } from '../../../../src/protocol/codec/primitives.ts';
import { protobuf, protobufAs } from '../../../../src/protocol/codec/protobuf.ts';
import { StreamInput } from '../../../../src/protocol/wire/stream-input.ts';

const extensionRequest = protobuf(ExtensionRequestSchema);
const registerRestActions = protobuf(RegisterRestActionsSchema);
const transportMessage = protobuf(ExtensionTransportMessageSchema);

describe('a protobuf body', () => {
  test('is a length and the message, zero and unset fields left out', () => {
    expect(
      encode(extensionRequest, { identity: { uniqueId: 'hi' }, requestType: RequestType.REQUEST_EXTENSION_ENVIRONMENT_SETTINGS }),
    ).toEqual(Buffer.from('080a040a0268691004', 'hex'));
    expect(encode(extensionRequest, {})).toEqual(Buffer.from('00', 'hex'));
  });

  test('has the type of its schema', () => {
    expectTypeOf<OutOf<typeof extensionRequest>>().toEqualTypeOf<ExtensionRequest>();
  });

  test('keeps fields its schema does not know', () => {
    const bytes = Buffer.from('0b0a040a026869100448f901', 'hex');
    expect(encode(extensionRequest, decode(extensionRequest, bytes))).toEqual(bytes);
  });

  test('owns its bytes', () => {
    const bytes = Buffer.from('060a01611201ff', 'hex');
    const message = decode(transportMessage, bytes);
    bytes.fill(0);
    expect(Buffer.from(message.requestBytes).toString('hex')).toBe('ff');
  });

  test.each([
    ['a length beyond the end', '050a01', /a count of 5 needs at least 5 more bytes, but only 2 are left \(at byte 0\)/],
    ['a field beyond the end', '020a05', /cannot parse 2 bytes as ExtensionRequest: .* \(at byte 0\)/],
    ['a tag cut short', '0180', /as ExtensionRequest/],
    ['field number 0', '020200', /as ExtensionRequest/],
    ['a wire type that is none', '010f', /as ExtensionRequest/],
    ['a group that does not end', '015b', /as ExtensionRequest/],
    ['another wire type than the field has', '020801', /as ExtensionRequest/],
  ])('is refused with %s', (_, hex, message) => {
    expect(() => decode(extensionRequest, Buffer.from(hex, 'hex'))).toThrow(
      expect.objectContaining({ code: 'ERR_DECODE', message: expect.stringMatching(message) }),
    );
  });

  test('is refused when its text is no UTF-8, as Java does', () => {
    expect(() => decode(extensionRequest, Buffer.from('060a040a02c328', 'hex'))).toThrow(expect.objectContaining({ code: 'ERR_DECODE' }));
  });

  test('names its place inside other values when it is refused', () => {
    const body = struct({ request: extensionRequest });
    expect(() => decode(body, Buffer.from('020a05', 'hex'))).toThrow(expect.objectContaining({ path: ['request'], offset: 0 }));
  });

  test.each([
    ['null', null],
    ['a text', 'x'],
  ])('refuses %s as a value', (_, value) => {
    expect(() => encode(registerRestActions, value as never)).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }));
  });

  test('writes half a surrogate pair as U+FFFD', () => {
    expect(encode(registerRestActions, { restActions: ['\ud800'] }).toString('hex')).toBe('051203efbfbd');
  });

  test("has protobuf's own JSON as its form", () => {
    const form = { identity: { uniqueId: 'hi' }, requestType: 'GET_SETTINGS' };
    const value = fromForm(extensionRequest.schema, form);
    expect(toForm(extensionRequest.schema, value)).toEqual(form);
    expect(() => fromForm(extensionRequest.schema, { nothing: 1 })).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }));
  });

  test('reads what stands before something else', () => {
    const input = new StreamInput(Buffer.from('0210040161', 'hex'));
    expect(extensionRequest.read(input).requestType).toBe(4);
    expect(input.remaining).toBe(2);
  });
});

describe('a protobuf body seen as a plain value', () => {
  const message = protobufAs(
    ExtensionTransportMessageSchema,
    struct({ action: string, requestBytes: bytes }),
    ({ action, requestBytes }) => ({ action, requestBytes: Buffer.from(requestBytes) }),
    (value) => value,
  );

  test('has the form of its shape', () => {
    const form = { action: 'a', requestBytes: '01ff' };
    expect(toForm(message.schema, fromForm(message.schema, form))).toEqual(form);
    expect(encode(message, { action: 'a', requestBytes: Buffer.from('01ff', 'hex') }).toString('hex')).toBe('070a0161120201ff');
  });

  test.each([
    ['no object', null, 'expected an object with action, requestBytes'],
    ['a field of another type', { action: 1, requestBytes: new Uint8Array() }, 'action: expected a string, got 1'],
    ['a missing field', { action: 'a' }, 'requestBytes: the value is missing: expected a Uint8Array'],
  ])('refuses %s as a value', (_, value, text) => {
    expect(() => encode(message, value as never)).toThrow(expect.objectContaining({ code: 'ERR_USAGE', message: text }));
  });
});

test('the schemas are readable by another implementation, which finds the same messages and numbers', () => {
  const folder = new URL('../../../../proto/org/opensearch/extensions/proto/', import.meta.url);
  const files = readdirSync(folder).sort();
  expect(files).toEqual([
    'ExtensionIdentityProto.proto',
    'ExtensionRequestProto.proto',
    'HandleTransportRequestProto.proto',
    'RegisterRestActionsProto.proto',
    'RegisterTransportActionsProto.proto',
  ]);
  const root = new protobufjs.Root();
  for (const file of files) protobufjs.parse(readFileSync(new URL(file, folder), 'utf8'), root, { keepCase: true });
  const numbers = root.lookupEnum('org.opensearch.extensions.proto.RequestType').values;
  expect(numbers).toEqual(RequestType);
});
