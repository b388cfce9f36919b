import { describe, expect, test } from 'vitest';
import { extensionMessages } from '../../../../src/protocol/action/extension/messages.ts';
import { type AnyCodec, type Codec, decode, encode } from '../../../../src/protocol/codec/codec.ts';
import { fromForm, toForm } from '../../../../src/protocol/codec/json-form.ts';
import { parseVersion } from '../../../../src/protocol/wire/version.ts';
import { type GoldenVector, goldenVectors, type Release, releases } from '../../../vectors/load.ts';

describe.each(releases)('extension messages of %s', (release) => {
  const vectors = goldenVectors(release).filter(({ kind }) => kind === 'extension');

  test('are there, all to be compared byte by byte', () => {
    expect(vectors.length).toBeGreaterThan(200);
    expect(new Set(vectors.map(({ check }) => check))).toEqual(new Set(['bytes']));
  });

  test.each(vectors.map((vector) => [vector.id, vector] as const))('%s', (_, vector) => {
    const codec = codecOf(vector);
    const options = versionsOf(vector, release);
    const value = decode(codec, Buffer.from(vector.hex, 'hex'), options);
    expect(encode(codec, value, options).toString('hex')).toBe(vector.hex);

    const form = toForm(codec.schema, value, options.version);
    expect(disagreements(inputOf(vector), form)).toEqual([]);
    const back = fromForm(codec.schema, JSON.parse(JSON.stringify(form)), options.version);
    expect(encode(codec, back, options).toString('hex')).toBe(vector.hex);
  });
});

describe.each(releases)('settings as OpenSearch %s builds them', (release) => {
  const vectors = goldenVectors(release).filter((vector) => isSetting(vector) && !isSizeInBytes(vector));

  test.each(vectors.map((vector) => [vector.id, vector] as const))('%s', (_, vector) => {
    const codec = codecOf(vector);
    const { propertyOrdinal: _ordinal, ...input } = inputOf(vector);
    const value = fromForm(
      codec.schema,
      JSON.parse(JSON.stringify(input), (_key, item) => sizeForm(item)),
    );
    expect(encode(codec, value, versionsOf(vector, release)).toString('hex')).toBe(vector.hex);
  });
});

function isSetting({ kind, value }: GoldenVector): boolean {
  return kind === 'extension' && value?.['message'] === 'WriteableSetting';
}

/** Sizes without bounds went in as a text such as `10mb` and came out counted in bytes: another size by its bytes, the same by its value. */
function isSizeInBytes(vector: GoldenVector): boolean {
  const { type, min, memory } = inputOf(vector);
  return type === 'ByteSizeValue' && min === undefined && memory === undefined;
}

function inputOf({ value }: GoldenVector): Readonly<Record<string, unknown>> {
  return (value as unknown as { readonly input: Readonly<Record<string, unknown>> }).input;
}

function codecOf({ value }: GoldenVector): Codec<unknown, unknown> {
  const message = String(value?.['message']);
  const codec: AnyCodec | undefined = extensionMessages[message];
  if (codec === undefined) throw new Error(`no codec for ${message}`);
  return codec as Codec<unknown, unknown>;
}

function versionsOf({ streamVersion }: GoldenVector, release: Release) {
  return { version: parseVersion(streamVersion ?? release), peerVersion: parseVersion(release) };
}

/**
 * Where what went into a message and what came out of it differ, as paths. Both are JSON forms; what went in is looser in a few places, and
 * says less of a setting than is on the wire.
 */
function disagreements(input: unknown, form: unknown, path = ''): string[] {
  const name = path.slice(path.lastIndexOf('.') + 1);
  const rule = RULES[name];
  if (rule !== undefined && rule(input, form)) return [];
  if (typeof input !== 'object' || input === null)
    return Object.is(input, form) ? [] : [`${path}: ${String(input)} is ${JSON.stringify(form)}`];
  if (Array.isArray(input) && (!Array.isArray(form) || input.length !== form.length)) return [`${path}: another length`];
  return Object.entries(input).flatMap(([key, item]) => disagreements(item, (form as Record<string, unknown>)?.[key], `${path}.${key}`));
}

type Rule = (input: unknown, form: unknown) => boolean;

const RULES: Readonly<Record<string, Rule>> = {
  // Withheld from stream version 2.17.0 on.
  attributes: (_input, form) => Object.keys(form as object).length === 0,
  roles: (input, form) => names(input).join() === names(form).join(),
  properties: (input, form) => names(input).join() === names(form).join(),
  propertyOrdinal: () => true,
  // With a fallback the default is that of the other setting.
  default: (input, form) => input === null || sameSize(input, form),
  min: sameSize,
  max: sameSize,
  // A text whatever the type of the setting.
  data: (input, form) => input === String((form as { v: unknown }).v),
};

function names(list: unknown): string[] {
  return (list as readonly (string | { name: string })[]).map((item) => (typeof item === 'string' ? item : item.name)).sort();
}

const UNITS = ['b', 'kb', 'mb', 'gb'];
const UNIT_NAMES = ['BYTES', 'KB', 'MB', 'GB'];

function sameSize(input: unknown, form: unknown): boolean {
  const expected = sizeForm(input);
  if (expected === input) return false;
  const { size, unit } = form as { size: string; unit: string };
  return bytesOf(expected as { size: string; unit: string }) === bytesOf({ size, unit });
}

function bytesOf({ size, unit }: { size: string; unit: string }): number {
  return Number(size) * 1024 ** UNIT_NAMES.indexOf(unit);
}

/** `10mb` as the form of a size; anything else as it is. */
function sizeForm(item: unknown): unknown {
  const match = typeof item === 'string' ? /^(\d+)(b|kb|mb|gb)$/.exec(item) : null;
  return match === null ? item : { size: match[1], unit: UNIT_NAMES[UNITS.indexOf(match[2] as string)] };
}
