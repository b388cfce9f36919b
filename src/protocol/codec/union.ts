import { UsageError } from '../error/transport-error.ts';
import { COST } from '../wire/allowance.ts';
import type { StreamInput } from '../wire/stream-input.ts';
import type { StreamOutput } from '../wire/stream-output.ts';
import { type VersionId, versionText } from '../wire/version.ts';
import { type AnyCodec, type Codec, type InOf, type OutOf, underField } from './codec.ts';
import { schemaFold } from './fold-schema.ts';
import type { CaseSchema, TagKind, UnionSchema } from './schema.ts';
import { fieldsOf } from './schema-access.ts';
import { fieldCodecsOf, type Fields, type Simplify, struct } from './struct.ts';
import { traced } from './traced.ts';
import { nameOfCase, oneOf, tagged } from './union-case.ts';

/** One case of a union. */
export interface UnionCase {
  /** What stands in the stream for this case: a number, or a string for a `string` tag. */
  readonly tag: number | string;
  /** Reads and writes what follows the tag. Its value is an object. */
  readonly codec: AnyCodec;
  /** First stream version that knows the case. It is refused in older streams. */
  readonly since?: VersionId;
}

/** The cases of a union by name. */
export type UnionCases = Readonly<Record<string, UnionCase>>;

/** Other names for cases on the way in. A value of an alias is written as the case `of`, with the members of `set`. */
export type UnionAliases<C extends UnionCases> = Readonly<
  Record<string, { readonly of: keyof C & string; readonly set: Readonly<Record<string, unknown>> }>
>;

/** How a union differs from the usual one. */
export interface UnionOptions<D extends string, A> {
  /** Member of the value that holds the name of its case. @default 'kind' */
  readonly discriminator?: D;
  /** @default none */
  readonly aliases?: A;
}

/** The value of a union that was read: the value of one case and the name of the case. */
export type UnionOut<D extends string, C extends UnionCases> = {
  [K in keyof C & string]: Simplify<{ readonly [P in D]: K } & OutOf<C[K]['codec']>>;
}[keyof C & string];

/** The value of a union to write. */
export type UnionIn<D extends string, C extends UnionCases, A extends UnionAliases<C>> =
  | { [K in keyof C & string]: Simplify<{ readonly [P in D]: K } & InOf<C[K]['codec']>> }[keyof C & string]
  | {
      [K in keyof A & string]: Simplify<{ readonly [P in D]: K } & Omit<InOf<C[A[K]['of']]['codec']>, keyof A[K]['set']>>;
    }[keyof A & string];

/** The value of a keyed union: an object with one member, named as its case. */
export type KeyedUnionOut<C extends UnionCases> = { [K in keyof C]: { readonly [P in K]: OutOf<C[K]['codec']> } }[keyof C];

/** The value of a keyed union to write. */
export type KeyedUnionIn<C extends UnionCases> = { [K in keyof C]: { readonly [P in K]: InOf<C[K]['codec']> } }[keyof C];

/** A case, ready for both directions. */
interface Case {
  readonly name: string;
  readonly tag: number | string;
  readonly codec: Codec<unknown, unknown>;
  /** Reads the value together with the name of its case. */
  readonly read: (input: StreamInput) => unknown;
  /** 0 for every version. */
  readonly since: VersionId;
  /** Members that an alias sets and its codec does not, else null. */
  readonly set: object | null;
}

/**
 * A codec of values of several shapes: a tag, then the value of the case that the tag names. The value is the case's own value with a discriminator.
 *
 * @param name of the whole, for errors and pages
 * @param tag how the tag stands in the stream
 * @example union('shape', 'byte', { circle: { tag: 0, codec: circle }, square: { tag: 1, codec: square } }) // { kind: 'circle', radius: 2 }
 * @throws ERR_USAGE if two cases have the same tag, or a case has a member named as the discriminator
 */
export function union<const C extends UnionCases, const D extends string = 'kind', const A extends UnionAliases<C> = Record<never, never>>(
  name: string,
  tag: TagKind,
  cases: C,
  options: UnionOptions<D, A> = {},
): Codec<NoInfer<UnionOut<D, C>>, NoInfer<UnionIn<D, C, A>>> {
  const discriminator: string = options.discriminator ?? 'kind';
  const own = Object.entries(cases).map(([caseName, each]) => taggedCase(caseName, each, discriminator));
  const aliases = Object.entries(options.aliases ?? {}).map(([alias, { of, set }]) => aliasCase(alias, of, set, own));
  return codecOf(unionSchema(name, tag, discriminator, own, aliases), own, [...own, ...aliases]) as never;
}

/**
 * A union whose values have one member, named as its case: `{ values: [1, 2] }` or `{ packed: bytes }`.
 *
 * @param name of the whole, for errors and pages
 * @throws ERR_USAGE if two cases have the same tag
 */
export function keyedUnion<const C extends UnionCases>(
  name: string,
  tag: TagKind,
  cases: C,
): Codec<NoInfer<KeyedUnionOut<C>>, NoInfer<KeyedUnionIn<C>>> {
  const own = Object.entries(cases).map(([caseName, each]) => keyedCase(caseName, each));
  return codecOf(unionSchema(name, tag, null, own, []), own, own) as never;
}

function unionSchema(
  name: string,
  tag: TagKind,
  discriminator: string | null,
  own: readonly Case[],
  aliases: readonly AliasCase[],
): UnionSchema {
  return {
    kind: 'union',
    name,
    tag,
    discriminator,
    cases: [...own.map(caseSchema), ...aliases.map((each) => ({ ...caseSchema(each), aliasOf: each.of, set: each.sets }))],
  };
}

function caseSchema({ name, tag, codec, since }: Case): CaseSchema {
  return { name, tag, schema: codec.schema, ...(since === 0 ? {} : { since }) };
}

function taggedCase(name: string, { tag, codec, since = 0 }: UnionCase, discriminator: string): Case {
  const shape = shapeOf(codec.schema);
  if (shape === 'other') throw new UsageError('ERR_USAGE', {}, `${name}: the value of a case must be an object, or use keyedUnion`);
  if (fieldsOf(codec.schema).some((field) => field.name === discriminator)) {
    throw new UsageError(
      'ERR_USAGE',
      {},
      `${name}: the field ${discriminator} has the name of the discriminator, use another discriminator`,
    );
  }
  const inner = shape === 'fields' ? codec : withoutMember(codec, discriminator);
  return { name, tag, codec: inner as Codec<unknown, unknown>, read: taggedReader(name, codec, discriminator), since, set: null };
}

/** What a schema's values are: objects with the fields of the schema, objects with any members, or other values. */
const shapeOf = schemaFold<'fields' | 'members' | 'other'>({
  scalar: () => 'other',
  bytes: () => 'other',
  enum: () => 'other',
  enumSet: () => 'other',
  list: () => 'other',
  optional: () => 'other',
  map: () => 'members',
  mapOfLists: () => 'members',
  struct: () => 'fields',
  gate: (of) => of,
  lazy: () => 'members',
  union: () => 'members',
  custom: () => 'members',
});

/** A codec that takes values with one more member, which it does not write. */
function withoutMember(codec: AnyCodec, name: string): AnyCodec {
  const write = (output: StreamOutput, value: never): void => {
    const { [name]: _, ...members } = value as Readonly<Record<string, unknown>>;
    codec.write(output, members as never);
  };
  return { ...codec, write };
}

/** A struct is read together with the discriminator into one object; the value of another codec is copied. The copy is charged for its own members, not for what they hold. */
function taggedReader(name: string, codec: AnyCodec, discriminator: string): Case['read'] {
  const fixedCost = shapeOf(codec.schema) === 'fields' ? COST.object + (fieldsOf(codec.schema).length + 1) * COST.field : 0;
  const copying = (input: StreamInput): object => {
    const value = codec.read(input);
    input.spend(fixedCost > 0 ? fixedCost : COST.map + Object.keys(Object(value)).length * COST.entry);
    return tagged(name, value, discriminator);
  };
  const fields = fieldCodecsOf(codec);
  if (fields === undefined) return copying;
  const constant: Codec<string> = { schema: { kind: 'enum', values: [name] }, read: () => name, write: () => {} };
  const whole = struct({ [discriminator]: constant, ...fields });
  return (input) => (input.trace === null ? whole.read(input) : copying(input));
}

function keyedCase(name: string, { tag, codec, since = 0 }: UnionCase): Case {
  const inner = codec as Codec<unknown, unknown>;
  const write = (output: StreamOutput, value: unknown): void => {
    try {
      inner.write(output, (value as Readonly<Record<string, unknown>>)[name]);
    } catch (error) {
      throw underField(error, name);
    }
  };
  const sourceIn = (value: unknown): unknown => inner.sourceIn?.((value as Readonly<Record<string, unknown>>)[name]);
  return {
    name,
    tag,
    codec: { ...inner, write, sourceIn: inner.sourceIn === undefined ? undefined : sourceIn },
    read: (input) => {
      input.spend(KEYED_COST);
      return { [name]: traced(input, name, inner) };
    },
    since,
    set: null,
  };
}

/** Cost of an object with one field. */
const KEYED_COST = COST.object + COST.field;

interface AliasCase extends Case {
  readonly of: string;
  /** Members that the alias sets. */
  readonly sets: Readonly<Record<string, unknown>>;
}

function aliasCase(name: string, of: string, set: Readonly<Record<string, unknown>>, cases: readonly Case[]): AliasCase {
  const target = cases.find((each) => each.name === of);
  if (target === undefined)
    throw new UsageError('ERR_USAGE', {}, `${name}: an alias of ${of}, expected one of ${cases.map((each) => each.name).join(', ')}`);
  const fields = fieldCodecsOf(target.codec);
  if (fields === undefined) return { ...target, name, of, sets: set, set };
  const whole = struct({ ...fields, ...fixed(name, of, fields, set) }) as Codec<unknown, unknown>;
  return { ...target, name, of, sets: set, codec: { ...target.codec, write: whole.write }, set: null };
}

/** The codecs of the fields that an alias sets: they write its value whatever is given, so that no item is copied. */
function fixed(name: string, of: string, fields: Fields, set: Readonly<Record<string, unknown>>): Fields {
  const entries = Object.entries(set).map(([field, value]) => {
    const codec: AnyCodec | undefined = fields[field];
    if (codec === undefined)
      throw new UsageError('ERR_USAGE', {}, `${name}, an alias of ${of}: cannot set ${field}, ${of} has no such field`);
    return [field, { ...codec, write: (output: StreamOutput) => codec.write(output, value as never) }] as const;
  });
  return Object.fromEntries(entries);
}

const TAGS = {
  byte: {
    read: (input: StreamInput) => input.readByte(),
    write: (output: StreamOutput, tag: number | string) => output.writeByte(tag as number),
  },
  vInt: {
    read: (input: StreamInput) => input.readVInt(),
    write: (output: StreamOutput, tag: number | string) => output.writeVInt(tag as number),
  },
  string: {
    read: (input: StreamInput) => input.readString(),
    write: (output: StreamOutput, tag: number | string) => output.writeString(tag as string),
  },
} as const satisfies Record<TagKind, unknown>;

function codecOf(schema: UnionSchema, own: readonly Case[], all: readonly Case[]): Codec<unknown, unknown> {
  const { discriminator } = schema;
  const tags = TAGS[schema.tag];
  const byTag = new Map<unknown, Case>(own.map((each) => [each.tag, each]));
  const byName = new Map<unknown, Case>(all.map((each) => [each.name, each]));
  checkTags(schema, own, byTag.size);

  const read = (input: StreamInput): unknown => {
    const offset = input.offset;
    const tag = tags.read(input);
    const found = byTag.get(tag);
    if (found === undefined || input.version < found.since) throw unreadable(schema, tag, found, input, offset);
    if (input.trace !== null && discriminator !== null) {
      input.trace.enter(discriminator, offset);
      input.trace.leave(input.offset, found.name);
    }
    return found.read(input);
  };

  // hot: bulk
  const write = (output: StreamOutput, value: unknown): void => {
    const given =
      discriminator === null || value === null || value === undefined
        ? undefined
        : (value as Readonly<Record<string, unknown>>)[discriminator];
    const found = byName.get(given) ?? (byName.get(nameOfCase(schema, value)) as Case);
    if (output.version < found.since) throw new UsageError('ERR_USAGE', {}, tooOld(schema, found, output.version));
    tags.write(output, found.tag);
    found.codec.write(output, found.set === null ? value : { ...(value as object), ...found.set });
  };

  return {
    schema,
    hasStream: own.some(({ codec }) => codec.hasStream === true),
    sourceIn: own.some(({ codec }) => codec.sourceIn !== undefined)
      ? (value) => byName.get(nameOfCase(schema, value))?.codec.sourceIn?.(value)
      : undefined,
    isDeterministic: own.every(({ codec }) => codec.isDeterministic === true),
    read,
    write,
  };
}

function checkTags({ name, tag }: UnionSchema, cases: readonly Case[], distinct: number): void {
  if (cases.length === 0) throw new UsageError('ERR_USAGE', {}, `${name}: a union needs at least one case`);
  if (distinct !== cases.length) throw new UsageError('ERR_USAGE', {}, `${name}: two cases have the same tag`);
  const wrong = cases.find((each) => !fits(tag, each.tag));
  if (wrong !== undefined)
    throw new UsageError('ERR_USAGE', {}, `${name}: the tag of ${wrong.name} must be a ${tag}, got ${String(wrong.tag)}`);
}

function fits(kind: TagKind, tag: number | string): boolean {
  if (kind === 'string') return typeof tag === 'string';
  const most = kind === 'byte' ? 0x7f : 0x7fff_ffff;
  return Number.isInteger(tag) && Number(tag) <= most && Number(tag) >= -most - 1;
}

function unreadable(schema: UnionSchema, tag: number | string, found: Case | undefined, input: StreamInput, offset: number): Error {
  if (found !== undefined) return input.fail(tooOld(schema, found, input.version), offset);
  const known = schema.cases
    .filter((each) => each.aliasOf === undefined)
    .map((each) => (each.tag === each.name ? each.name : `${each.tag} (${each.name})`));
  const text = typeof tag === 'string' ? tag.slice(0, 80) : tag;
  return input.fail(`Unknown ${schema.name} [${text}], expected ${oneOf(known)}`, offset);
}

function tooOld({ name }: UnionSchema, found: Case, version: VersionId): string {
  return `${name} ${found.name} needs stream version ${versionText(found.since)} or later, got ${versionText(version)}`;
}
