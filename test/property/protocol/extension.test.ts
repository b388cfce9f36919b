import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import protobufjs from 'protobufjs';
import { describe, expect, test } from 'vitest';
import { ExtensionIdentitySchema } from '../../../src/gen/org/opensearch/extensions/proto/ExtensionIdentityProto_pb.ts';
import { ExtensionRequestSchema } from '../../../src/gen/org/opensearch/extensions/proto/ExtensionRequestProto_pb.ts';
import { ExtensionTransportMessageSchema } from '../../../src/gen/org/opensearch/extensions/proto/HandleTransportRequestProto_pb.ts';
import { RegisterRestActionsSchema } from '../../../src/gen/org/opensearch/extensions/proto/RegisterRestActionsProto_pb.ts';
import { RegisterTransportActionsSchema } from '../../../src/gen/org/opensearch/extensions/proto/RegisterTransportActionsProto_pb.ts';
import { extensionMessages } from '../../../src/protocol/action/extension/messages.ts';
import { SETTING_PROPERTIES } from '../../../src/protocol/action/extension/setting.ts';
import { SETTING_TYPES, type SettingType } from '../../../src/protocol/action/extension/setting-type.ts';
import { writeableSetting } from '../../../src/protocol/action/extension/writeable-setting.ts';
import { BYTE_SIZE_UNITS } from '../../../src/protocol/codec/byte-size-value.ts';
import { type Codec, decode, encode } from '../../../src/protocol/codec/codec.ts';
import { fromForm, toForm } from '../../../src/protocol/codec/json-form.ts';
import { narrow } from '../../../src/protocol/wire/stream-input.ts';
import { protobuf } from '../../../src/protocol/codec/protobuf.ts';
import { TIME_UNITS } from '../../../src/protocol/codec/time-value.ts';
import { parseVersion } from '../../../src/protocol/wire/version.ts';
import { goldenVectors, releases } from '../../vectors/load.ts';

const text = fc.string({ unit: 'binary' });
const bytes = fc.uint8Array({ maxLength: 64 });
const identity = fc.option(fc.record({ uniqueId: text }), { nil: undefined });

/** Each message by its name, with values that both implementations take. */
const MESSAGES = [
  [ExtensionIdentitySchema, fc.record({ uniqueId: text })],
  [ExtensionRequestSchema, fc.record({ identity, requestType: fc.nat({ max: 8 }) })],
  [RegisterRestActionsSchema, fc.record({ identity, restActions: fc.array(text), deprecatedRestActions: fc.array(text) })],
  [RegisterTransportActionsSchema, fc.record({ identity, transportActions: fc.array(text) })],
  [ExtensionTransportMessageSchema, fc.record({ action: text, requestBytes: bytes })],
] as const;

describe('protobuf bodies agree with another implementation', () => {
  const root = readSchemas();

  test.each(MESSAGES.map(([schema, values]) => [schema.name, schema, values] as const))('%s', (_, schema, values) => {
    const type = root.lookupType(schema.typeName);
    const codec = protobuf(schema) as Codec<object, object>;
    fc.assert(
      fc.property(values, (value) => {
        const theirs = Buffer.from(type.encode(withoutUnset(value)).finish());
        const ours = encode(codec, value);
        expect(ours.subarray(ours.length - theirs.length).toString('hex')).toBe(theirs.toString('hex'));
        expect(plain(type.toObject(type.decode(theirs), { bytes: Array, arrays: true, defaults: true }))).toEqual(
          plain(type.toObject(type.fromObject(plain(decode(codec, ours)) as object), { bytes: Array, arrays: true, defaults: true })),
        );
      }),
    );
  });
});

/** The schemas as protobufjs reads them; `import` lines are of no use to it, all files go into one root. */
function readSchemas(): protobufjs.Root {
  const folder = new URL('../../../proto/org/opensearch/extensions/proto/', import.meta.url);
  const root = new protobufjs.Root();
  for (const file of readdirSync(folder)) protobufjs.parse(readFileSync(new URL(file, folder), 'utf8'), root, { keepCase: true });
  root.resolveAll();
  return root;
}

function withoutUnset(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}

/** A message without the names that only one implementation keeps in it, bytes as arrays. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (key.startsWith('$') ? [] : [[key, plain(item)]])));
}

const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(narrow);
const time = fc.record({ duration: long, unit: fc.constantFrom(...TIME_UNITS) });
const size = fc.record({ size: long, unit: fc.constantFrom(...BYTE_SIZE_UNITS) });

const VALUES: Readonly<Record<SettingType, fc.Arbitrary<unknown>>> = {
  Boolean: fc.boolean(),
  Integer: fc.integer(),
  Long: long,
  Float: fc.float({ noNaN: true }),
  Double: fc.double({ noNaN: true }),
  String: text,
  TimeValue: time,
  ByteSizeValue: size,
  Version: fc.integer({ min: 0, max: 0x7fff_ffff }),
};

const BOUNDED: readonly SettingType[] = ['Integer', 'Long', 'Float', 'Double', 'TimeValue', 'ByteSizeValue'];
const NATIVE_SINCE = parseVersion('3.9.0');

/** A setting in full, with fallbacks inside fallbacks. */
function settingOf(type: SettingType, depth: number): fc.Arbitrary<object> {
  const fallback = depth === 0 ? fc.constant(null) : fc.option(settingOf(type, depth - 1), { depthSize: 'small' });
  const base = fc.record({
    key: text,
    default: VALUES[type],
    fallback,
    regex: fc.option(fc.record({ pattern: text, matching: fc.boolean() })),
    properties: fc.subarray([...SETTING_PROPERTIES]),
  });
  return fc.tuple(base, parserOf(type)).map(([setting, parser]) => ({ type, ...setting, ...parser }));
}

function parserOf(type: SettingType): fc.Arbitrary<object> {
  const none = fc.constant({ min: null, max: null, memory: false, parser: null });
  if (!BOUNDED.includes(type)) return none;
  const isSize = type === 'ByteSizeValue';
  const max = type === 'TimeValue' ? fc.option(VALUES[type]) : VALUES[type];
  const filtered = isSize ? fc.constant(false) : fc.boolean();
  const parser = fc.record({ key: text, filtered, native: fc.constant(false) });
  const bounded = fc.record({ min: VALUES[type], max, memory: fc.constant(false), parser });
  const memory = fc.record({
    min: fc.constant(null),
    max: fc.constant(null),
    memory: fc.constant(true),
    parser: fc.record({ key: text, filtered: fc.constant(false), native: fc.boolean() }),
  });
  return isSize ? fc.oneof(none, bounded, memory) : fc.oneof(none, bounded);
}

describe.each(SETTING_TYPES)('a %s setting', (type) => {
  const settings = settingOf(type, 2) as fc.Arbitrary<never>;

  test('comes back as it was, and through its JSON form', () => {
    fc.assert(
      fc.property(settings, (setting) => {
        const encoded = encode(writeableSetting, setting, { peerVersion: NATIVE_SINCE });
        const value = decode(writeableSetting, encoded, { peerVersion: NATIVE_SINCE });
        expect(value).toEqual(setting);
        const form = JSON.parse(JSON.stringify(toForm(writeableSetting.schema, value)));
        expect(fromForm(writeableSetting.schema, form)).toEqual(setting);
      }),
    );
  });

  test('is refused wherever it is cut short', () => {
    fc.assert(
      fc.property(settings, fc.nat(), (setting, at) => {
        const encoded = encode(writeableSetting, setting);
        const cut = encoded.subarray(0, at % encoded.length);
        expect(() => decode(writeableSetting, cut)).toThrow(expect.objectContaining({ code: 'ERR_DECODE' }));
      }),
    );
  });
});

describe.each(releases)('every message of %s', (release) => {
  const vectors = goldenVectors(release).filter(({ kind }) => kind === 'extension');

  test('is refused wherever it is cut short, except before a token that old nodes do not send', () => {
    fc.assert(
      fc.property(fc.constantFrom(...vectors), fc.nat(), ({ value, hex, streamVersion }, at) => {
        const bytes = Buffer.from(hex, 'hex');
        fc.pre(bytes.length > 0);
        const message = String(value?.['message']);
        const cut = bytes.subarray(0, at % bytes.length);
        const options = { version: parseVersion(streamVersion ?? release), peerVersion: parseVersion(release) };
        if (message === 'InitializeExtensionRequest' && cut.length >= bytes.length - tokenBytes(value)) return;
        expect(() => decode(extensionMessages[message] as Codec<unknown, never>, cut, options)).toThrow(
          expect.objectContaining({ code: 'ERR_DECODE' }),
        );
      }),
      { numRuns: 500 },
    );
  });

  test('changed in one byte is decoded or refused with ERR_DECODE, never otherwise', () => {
    fc.assert(
      fc.property(fc.constantFrom(...vectors), fc.nat(), fc.nat({ max: 255 }), ({ value, hex, streamVersion }, at, byte) => {
        const bytes = Buffer.from(hex, 'hex');
        fc.pre(bytes.length > 0);
        bytes[at % bytes.length] = byte;
        const options = { version: parseVersion(streamVersion ?? release), peerVersion: parseVersion(release) };
        try {
          decode(extensionMessages[String(value?.['message'])] as Codec<unknown, never>, bytes, options);
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_DECODE' });
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** Bytes of the token at the end of an initialise request. */
function tokenBytes(value: unknown): number {
  const { serviceAccountHeader } = (value as { readonly input: { readonly serviceAccountHeader: string } }).input;
  return 1 + serviceAccountHeader.length;
}
