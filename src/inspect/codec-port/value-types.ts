import * as arrays from '../../protocol/codec/arrays.ts';
import { bigInteger } from '../../protocol/codec/big-integer.ts';
import { build } from '../../protocol/codec/build.ts';
import { byteSizeValue } from '../../protocol/codec/byte-size-value.ts';
import type { AnyCodec, Codec } from '../../protocol/codec/codec.ts';
import { enumeration, enumSet, list, map, optional } from '../../protocol/codec/combinators.ts';
import { discoveryNode, discoveryNodeWithAttributes } from '../../protocol/codec/discovery-node.ts';
import { genericMap, sortedGenericMap } from '../../protocol/codec/generic-map.ts';
import { genericValue } from '../../protocol/codec/generic-value.ts';
import { geoPoint } from '../../protocol/codec/geo-point.ts';
import { indicesOptions } from '../../protocol/codec/indices-options.ts';
import { instant, zoneId } from '../../protocol/codec/instant.ts';
import { fromForm } from '../../protocol/codec/json-form.ts';
import { mediaType } from '../../protocol/codec/media-type.ts';
import { optionalEnumSet } from '../../protocol/codec/optional-enum-set.ts';
import { optionalText } from '../../protocol/codec/optional-text.ts';
import * as primitives from '../../protocol/codec/primitives.ts';
import { restStatus } from '../../protocol/codec/rest-status.ts';
import type { Schema } from '../../protocol/codec/schema.ts';
import { optionalSecureString, secureString } from '../../protocol/codec/secure-string.ts';
import { semverRange } from '../../protocol/codec/semver-range.ts';
import { settings } from '../../protocol/codec/settings.ts';
import { index, shardId } from '../../protocol/codec/shard-id.ts';
import { taskId } from '../../protocol/codec/task-id.ts';
import { TIME_UNITS, type TimeUnit, timeValue } from '../../protocol/codec/time-value.ts';
import { UsageError } from '../../protocol/error/transport-error.ts';
import { boundTransportAddress, transportAddress } from '../../protocol/codec/transport-address.ts';

const { anyLong, anyVLong, bytes, string } = primitives;

/** A vLong from a writer that does not refuse negative values: ten bytes. */
const vLongNoCheck: Codec<bigint> = {
  ...primitives.vLong64,
  write: (output, value) => output.writeVLongNoCheck64(value),
};

/** Bytes where null is written as none. */
const nullableBytes: Codec<Buffer, Uint8Array | null> = {
  ...bytes,
  schema: { kind: 'optional', of: bytes.schema },
  write: (output, value) => bytes.write(output, value ?? new Uint8Array()),
};

/** A text by its raw bytes: `i32` length, bytes. */
const textFromBytes: Codec<Buffer, Uint8Array> = {
  schema: bytes.schema,
  read: (input) => Buffer.from(input.readBytes(input.readIntCount())),
  write: (output, value) => {
    output.writeInt(value.length);
    output.writeBytes(value);
  },
};

/** Strings of which null reads back as none. */
const stringArrayNullable: typeof arrays.stringArrayNullable = {
  ...arrays.stringArrayNullable,
  schema: { kind: 'optional', of: arrays.stringArray.schema },
};

/** The port gives time units by ordinal. */
const ordinalOf = (unit: TimeUnit): number => TIME_UNITS.indexOf(unit);

function unitOf(form: unknown): TimeUnit {
  const unit = typeof form === 'number' ? TIME_UNITS[form] : undefined;
  if (unit === undefined)
    throw new UsageError(
      'ERR_USAGE',
      {},
      `expected the ordinal of a time unit, 0 to ${TIME_UNITS.length - 1}, got ${JSON.stringify(form)}`,
    );
  return unit;
}

const timeUnit: Codec<TimeUnit> = {
  ...enumeration('TimeUnit', TIME_UNITS),
  schema: { kind: 'custom', name: 'timeUnit', toForm: ordinalOf, fromForm: unitOf },
};

const timeUnits: Codec<TimeUnit[], readonly TimeUnit[]> = {
  ...enumSet('TimeUnit', TIME_UNITS),
  schema: {
    kind: 'custom',
    name: 'timeUnits',
    toForm: (units: readonly TimeUnit[]) => units.map(ordinalOf),
    fromForm: (form) => (fromForm(ORDINALS, form) as unknown[]).map(unitOf),
  },
};

const ORDINALS: Schema = { kind: 'list', of: { kind: 'int' } };

/** The codecs of the values OpenSearch streams know, by the names of the port. @see codec-port.md "Types" */
export const valueTypes: Readonly<Record<string, AnyCodec>> = {
  byte: primitives.byte,
  boolean: primitives.boolean,
  short: primitives.short,
  int: primitives.int,
  long: anyLong,
  float: primitives.float,
  double: primitives.double,
  vInt: primitives.vInt,
  vLong: anyVLong,
  vLongNoCheck,
  zLong: primitives.anyZLong,
  optionalBoolean: primitives.optionalBoolean,
  optionalInt: optional(primitives.int),
  optionalVInt: optional(primitives.vInt),
  optionalLong: optional(anyLong),
  optionalVLong: optional(anyVLong),
  optionalFloat: optional(primitives.float),
  optionalDouble: optional(primitives.double),
  string,
  optionalString: optional(string),
  text: primitives.text,
  textFromBytes,
  optionalText,
  secureString,
  optionalSecureString,
  byteArray: nullableBytes,
  bytesReference: nullableBytes,
  optionalBytesReference: primitives.optionalBytes,
  bytesRef: nullableBytes,
  stringArray: arrays.stringArray,
  stringArrayNullable,
  optionalStringArray: arrays.optionalStringArray,
  stringCollection: arrays.stringArray,
  optionalStringCollection: arrays.optionalStringArray,
  intArray: arrays.intArray,
  vIntArray: arrays.vIntArray,
  longArray: arrays.longArray,
  vLongArray: arrays.vLongArray,
  floatArray: arrays.floatArray,
  doubleArray: arrays.doubleArray,
  mapStringString: map(string),
  mapOfLists: map(list(string)),
  map: genericMap,
  mapConsistentOrder: sortedGenericMap,
  enumTimeUnit: timeUnit,
  enumSetTimeUnit: timeUnits,
  optionalEnumSetTimeUnit: optionalEnumSet(timeUnits),
  instant,
  optionalInstant: optional(instant),
  zoneId,
  optionalZoneId: optional(zoneId),
  timeValue,
  optionalTimeValue: optional(timeValue),
  byteSizeValue,
  bigInteger,
  geoPoint,
  semverRange,
  version: primitives.version,
  versionId: primitives.vInt,
  taskId,
  transportAddress,
  boundTransportAddress,
  index,
  shardId,
  indicesOptions,
  build,
  mediaType,
  restStatus,
  settings,
  genericValue,
  discoveryNode,
  discoveryNodeWithAttributes,
};
