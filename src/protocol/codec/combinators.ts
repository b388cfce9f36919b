import { UsageError } from '../error/transport-error.ts';
import { COST } from '../wire/allowance.ts';
import { MAX_NESTING_DEPTH } from '../wire/limits.ts';
import type { StreamInput } from '../wire/stream-input.ts';
import type { StreamOutput } from '../wire/stream-output.ts';
import type { VersionId } from '../wire/version.ts';
import { type Codec, type SourceIn, underField, underPath } from './codec.ts';
import { readKey } from './member-cost.ts';
import { elementCostOf, numberListOf, SHORT_LIST } from './number-list.ts';
import { refuseStream } from './refuse-stream.ts';
import { traced } from './traced.ts';

export { type Fields, type Simplify, type StructIn, type StructOut, struct } from './struct.ts';

// Constants of this module are compiled in; those of another one are loaded and checked for each value.
const EMPTY_LIST_COST: number = COST.list;
const LIST_COST: number = COST.list + COST.firstElement;
const ELEMENT_COST: number = COST.element;
const MAP_COST: number = COST.map;
const ENTRY_COST: number = COST.entry;

/** A codec whose value may be left out on the way in: `value` is written instead, as OpenSearch's own constructor would set it. */
export function withDefault<Out, In>(codec: Codec<Out, In>, value: NoInfer<In>): Codec<Out, In | undefined> {
  const { sourceIn } = codec;
  if (sourceIn !== undefined && hasChunks(sourceIn(value))) {
    throw new UsageError('ERR_USAGE', {}, 'the source of a stream cannot be a default: a source serves one message');
  }
  return {
    schema: codec.schema,
    canOmit: true,
    isDeterministic: codec.isDeterministic === true,
    hasStream: codec.hasStream === true,
    sourceIn: sourceIn === undefined ? undefined : (given) => (given === undefined ? undefined : sourceIn(given)),
    read: codec.read,
    write: (output, given) => codec.write(output, given === undefined ? value : given),
  };
}

function hasChunks(source: unknown): boolean {
  return typeof source === 'object' && source !== null && 'chunks' in source;
}

/** bool, then the value if it is present. */
export function optional<Out, In>(codec: Codec<Out, In>): Codec<Out | null, In | null | undefined> {
  return {
    schema: { kind: 'optional', of: codec.schema },
    canOmit: true,
    isDeterministic: codec.isDeterministic === true,
    hasStream: codec.hasStream === true,
    sourceIn: ofPresent(codec.sourceIn),
    read: (input) => (input.readBoolean() ? codec.read(input) : null),
    write: (output, value) => {
      const there = value !== null && value !== undefined;
      output.writeBoolean(there);
      if (there) codec.write(output, value);
    },
  };
}

/** The same for a value that may be null. */
function ofPresent(sourceIn: SourceIn | undefined): SourceIn | undefined {
  return sourceIn === undefined ? undefined : (value) => (value === null || value === undefined ? undefined : sourceIn(value));
}

/** vInt count, then that many values. */
export function list<Out, In>(codec: Codec<Out, In>): Codec<Out[], readonly In[]> {
  refuseStream(codec, 'an element of a list');
  const cost = elementCostOf(codec);
  return {
    schema: { kind: 'list', of: codec.schema },
    isDeterministic: codec.isDeterministic === true,
    read: numberReader(codec) ?? ((input) => readList(input, codec, input.readCount(), cost)),
    write: (output, values) => {
      if (!Array.isArray(values)) throw new UsageError('ERR_USAGE', {}, 'expected an array');
      output.writeVInt(values.length);
      writeList(output, codec, values);
    },
  };
}

/** Returns the reader of a list whose numbers are read as a whole. Undefined for one of other values. */
function numberReader<Out>(codec: Codec<Out, never>): ((input: StreamInput) => Out[]) | undefined {
  const numbers = numberListOf(codec);
  if (numbers === undefined) return undefined;
  return (input) => {
    const count = input.readCount(numbers.width);
    if (count <= SHORT_LIST || input.trace !== null) return readList(input, codec, count);
    input.spend(LIST_COST + count * ELEMENT_COST);
    return numbers.read(input, count) as Out[];
  };
}

/** Reads `count` values. The count has been checked against the bytes left. @param cost of an element beside what its codec charges */
export function readList<Out>(input: StreamInput, codec: Codec<Out, never>, count: number, cost: number = ELEMENT_COST): Out[] {
  input.spend(count === 0 ? EMPTY_LIST_COST : LIST_COST + count * cost);
  const values: Out[] = [];
  if (count === 0) return values;
  if (input.trace !== null) {
    for (let i = 0; i < count; i++) values.push(traced(input, `[${i}]`, codec));
    return values;
  }
  let i = 0;
  try {
    for (; i < count; i++) values.push(codec.read(input));
  } catch (error) {
    throw underPath(error, `[${i}]`);
  }
  return values;
}

/** Writes the values alone, without a count. */
export function writeList<In>(output: StreamOutput, codec: Codec<unknown, In>, values: readonly In[]): void {
  let i = 0;
  try {
    for (; i < values.length; i++) codec.write(output, values[i] as In);
  } catch (error) {
    throw underField(error, `[${i}]`);
  }
}

/** vInt count, then `str` key and value pairs. Order is not significant; a repeated key keeps its last value, as in Java. */
export function map<Out, In>(codec: Codec<Out, In>): Codec<Record<string, Out>, Readonly<Record<string, In>>> {
  refuseStream(codec, 'a value of a map');
  return {
    schema: { kind: 'map', of: codec.schema },
    isDeterministic: codec.isDeterministic === true,
    read: (input) => {
      const count = input.readCount(2);
      input.spend(MAP_COST + count * ENTRY_COST);
      const out: Record<string, Out> = {};
      for (let i = 0; i < count; i++) {
        const key = readKey(input);
        setKey(out, key, input.trace === null ? readUnder(input, key, codec) : traced(input, key, codec));
      }
      return out;
    },
    write: (output, value) => {
      if (typeof value !== 'object' || value === null) throw new UsageError('ERR_USAGE', {}, 'expected an object');
      const keys = Object.keys(value);
      output.writeVInt(keys.length);
      for (const key of keys) {
        output.writeString(key);
        try {
          codec.write(output, value[key] as In);
        } catch (error) {
          throw underField(error, key);
        }
      }
    },
  };
}

function readUnder<Out>(input: StreamInput, name: string, codec: Codec<Out, never>): Out {
  try {
    return codec.read(input);
  } catch (error) {
    throw underPath(error, name);
  }
}

/** Sets a key that came from a peer. `__proto__` becomes an own property like every other key. */
export function setKey<T>(target: Record<string, T>, key: string, value: T): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

/** vInt ordinal of one of the names. A reader refuses an ordinal out of range. */
export function enumeration<const V extends string>(name: string, values: readonly V[]): Codec<V> {
  const ordinals = new Map<string, number>(values.map((value, ordinal) => [value, ordinal]));
  return {
    schema: { kind: 'enum', values },
    isDeterministic: true,
    read: (input) => {
      const offset = input.offset;
      const ordinal = input.readVInt();
      const value = values[ordinal];
      if (value === undefined) throw input.fail(`Unknown ${name} ordinal [${ordinal}]`, offset);
      return value;
    },
    write: (output, value) => output.writeVInt(ordinalOf(name, ordinals, value)),
  };
}

function ordinalOf(name: string, ordinals: ReadonlyMap<string, number>, value: string): number {
  const ordinal = ordinals.get(value);
  if (ordinal === undefined)
    throw new UsageError('ERR_USAGE', {}, `expected a value of ${name} (one of ${[...ordinals.keys()].join(', ')}), got '${value}'`);
  return ordinal;
}

/** Like {@link enumeration}, as one byte. A `null` in the list leaves its number unused. */
export function byteEnumeration<const V extends string>(name: string, values: readonly (V | null)[]): Codec<V> {
  const ordinals = new Map<string, number>(values.flatMap((value, ordinal) => (value === null ? [] : [[value, ordinal] as const])));
  return {
    schema: { kind: 'enum', values: [...ordinals.keys()] },
    isDeterministic: true,
    read: (input) => {
      const offset = input.offset;
      const ordinal = input.readByte();
      const value = values[ordinal];
      if (value === undefined || value === null) throw input.fail(`Unknown ${name} [${ordinal}]`, offset);
      return value;
    },
    write: (output, value) => output.writeByte(ordinalOf(name, ordinals, value)),
  };
}

/** vInt size, then ordinals, ascending on the way out. */
export function enumSet<const V extends string>(name: string, values: readonly V[]): Codec<V[], readonly V[]> {
  const element = enumeration(name, values);
  const ordinals = new Map<string, number>(values.map((value, ordinal) => [value, ordinal]));
  return {
    schema: { kind: 'enumSet', values },
    isDeterministic: true,
    read: (input) => {
      input.spend(COST.set);
      const count = input.readCount();
      return count === 0 ? [] : [...new Set(readList(input, element, count))];
    },
    write: (output, set) => {
      const sorted = [...new Set(set.map((value) => ordinalOf(name, ordinals, value)))].sort((a, b) => a - b);
      output.writeVInt(sorted.length);
      for (const ordinal of sorted) output.writeVInt(ordinal);
    },
  };
}

/** A value that is in streams from `version` on. In older streams reading returns `absent` and writing writes nothing. */
export function since<Out, In, const Absent>(version: VersionId, codec: Codec<Out, In>, absent: Absent): Codec<Out | Absent, In> {
  return {
    schema: { kind: 'gate', since: version, of: codec.schema },
    canOmit: codec.canOmit === true,
    isDeterministic: codec.isDeterministic === true,
    hasStream: codec.hasStream === true,
    sourceIn: codec.sourceIn,
    read: (input) => (input.version >= version ? codec.read(input) : absent),
    write: (output, value) => {
      if (output.version >= version) codec.write(output, value);
    },
  };
}

/** A value that is in streams before `version` only. In newer streams reading returns `absent` and writing writes nothing. */
export function until<Out, In, const Absent = null>(
  version: VersionId,
  codec: Codec<Out, In>,
  absent: Absent = null as Absent,
): Codec<Out | Absent, In> {
  return {
    schema: { kind: 'gate', until: version, of: codec.schema },
    canOmit: codec.canOmit === true,
    isDeterministic: codec.isDeterministic === true,
    hasStream: codec.hasStream === true,
    sourceIn: codec.sourceIn,
    read: (input) => (input.version < version ? codec.read(input) : absent),
    write: (output, value) => {
      if (output.version < version) codec.write(output, value);
    },
  };
}

/** A value with one layout from `version` on and another before it. */
export function from<Out, In>(version: VersionId, newer: Codec<Out, In>, older: Codec<Out, In>): Codec<Out, In> {
  return {
    schema: { kind: 'gate', since: version, of: newer.schema, older: older.schema },
    canOmit: newer.canOmit === true,
    isDeterministic: newer.isDeterministic === true && older.isDeterministic === true,
    hasStream: newer.hasStream === true || older.hasStream === true,
    sourceIn: newer.sourceIn === undefined ? older.sourceIn : (value) => newer.sourceIn?.(value) ?? older.sourceIn?.(value),
    read: (input) => (input.version >= version ? newer : older).read(input),
    write: (output, value) => (output.version >= version ? newer : older).write(output, value),
  };
}

/** A codec that is defined later, for recursion. The depth of nesting is bounded. */
export function lazy<Out, In>(name: string, codec: () => Codec<Out, In>): Codec<Out, In> {
  const resolved = (): Codec<Out, In> => {
    const found = codec();
    refuseStream(found, `inside of ${name}, which is defined later`);
    return found;
  };
  return {
    schema: { kind: 'lazy', of: () => codec().schema },
    read: (input) => {
      if (++input.depth > MAX_NESTING_DEPTH) throw input.fail(`${name} nested deeper than ${MAX_NESTING_DEPTH}`);
      const value = resolved().read(input);
      input.depth--;
      return value;
    },
    write: (output, value) => {
      if (++output.depth > MAX_NESTING_DEPTH) throw new UsageError('ERR_USAGE', {}, `${name} nested deeper than ${MAX_NESTING_DEPTH}`);
      resolved().write(output, value);
      output.depth--;
    },
  };
}

/** Marks a codec as deterministic. Use it for a {@link mapped} one whose functions look at nothing but the value. */
export function deterministic<Out, In>(codec: Codec<Out, In>): Codec<Out, In> {
  return { ...codec, isDeterministic: true };
}

/** Converts the values of a codec; the bytes stay the same. `schema` describes the converted value if it differs from the codec's own. */
export function mapped<Out, In, Inner, InnerIn>(
  codec: Codec<Inner, InnerIn>,
  out: (value: Inner) => Out,
  into: (value: In) => InnerIn,
  schema: Codec<Out, In>['schema'] = codec.schema,
): Codec<Out, In> {
  return {
    schema,
    canOmit: codec.canOmit === true,
    hasStream: codec.hasStream === true,
    sourceIn: codec.sourceIn === undefined ? undefined : (value) => codec.sourceIn?.(into(value as In)),
    read: (input) => out(codec.read(input)),
    write: (output, value) => codec.write(output, into(value)),
  };
}
