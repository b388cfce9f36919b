import { UsageError } from '../error/transport-error.ts';
import type { StreamInput } from '../wire/stream-input.ts';
import type { StreamOutput } from '../wire/stream-output.ts';
import type { AnyCodec, Codec, InOf, OutOf, SourceIn } from './codec.ts';
import { compileFields, type FieldFunctions } from './struct-compiler.ts';
import { traced } from './traced.ts';

/** Fields of a struct, in the order of the stream. */
export type Fields = Readonly<Record<string, AnyCodec>>;

/** The value of a struct that was read: every field. */
export type StructOut<F extends Fields> = { [K in keyof F]: OutOf<F[K]> };

/** The value of a struct to write: fields whose codec takes `undefined` may be left out. */
export type StructIn<F extends Fields> = { -readonly [K in keyof F as undefined extends InOf<F[K]> ? never : K]: InOf<F[K]> } & {
  -readonly [K in keyof F as undefined extends InOf<F[K]> ? K : never]?: InOf<F[K]>;
};

/** Flattens an intersection, for readable types. */
export type Simplify<T> = { [K in keyof T]: T[K] } & {};

/**
 * A codec of named fields, one after the other. The list of fields is compiled at first use.
 *
 * @example struct({ text: string, at: vLong })
 * @throws ERR_USAGE if a stream is not the last field
 */
export function struct<const F extends Fields>(fields: F, name?: string): Codec<Simplify<StructOut<F>>, Simplify<StructIn<F>>> {
  const names = Object.keys(fields);
  const codecs = names.map((field) => fields[field] as Codec<unknown, unknown>);
  const streamAt = codecs.findIndex((codec) => codec.hasStream === true);
  if (streamAt !== -1 && streamAt !== names.length - 1) {
    const [name, next] = [names[streamAt], names[streamAt + 1]];
    throw new UsageError('ERR_USAGE', {}, `field '${name}' is a stream, so it must be the last field, but field '${next}' follows it`);
  }
  // At first use, because a process uses few of the structs it imports.
  const compile = (): FieldFunctions => ({ read, write } = compileFields(names, codecs));
  let read: FieldFunctions['read'] = (input) => compile().read(input);
  let write: FieldFunctions['write'] = (output, value) => compile().write(output, value);
  const codec = {
    schema: {
      kind: 'struct' as const,
      ...(name === undefined ? {} : { name }),
      fields: names.map((field, i) => ({ name: field, schema: (codecs[i] as AnyCodec).schema, canOmit: codecs[i]?.canOmit === true })),
    },
    hasStream: streamAt !== -1,
    sourceIn: streamAt === -1 ? undefined : sourceInField(names[streamAt] as string, codecs[streamAt] as AnyCodec),
    isDeterministic: codecs.every((codec) => codec.isDeterministic === true),
    read: (input: StreamInput) => (input.trace === null ? read(input) : readTraced(input, names, codecs)),
    write: (output: StreamOutput, value: Record<string, unknown>) => {
      if (typeof value !== 'object' || value === null) throw new UsageError('ERR_USAGE', {}, `expected an object with ${names.join(', ')}`);
      write(output, value);
    },
  } as unknown as Codec<Simplify<StructOut<F>>, Simplify<StructIn<F>>>;
  FIELDS.set(codec, fields);
  return codec;
}

function sourceInField(name: string, { sourceIn }: AnyCodec): SourceIn {
  return (value) => sourceIn?.((value as Readonly<Record<string, unknown>>)[name]);
}

const FIELDS = new WeakMap<AnyCodec, Fields>();

/** Returns the codecs of the fields of a codec that {@link struct} made; undefined for every other codec. */
export function fieldCodecsOf(codec: AnyCodec): Fields | undefined {
  return FIELDS.get(codec);
}

function readTraced(input: StreamInput, names: readonly string[], codecs: readonly AnyCodec[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name, i) => [name, traced(input, name, codecs[i] as AnyCodec)]));
}
