import { byteSizeValue } from '../byte-size-value.ts';
import { clusterBlock } from '../cluster-block.ts';
import type { Codec } from '../codec.ts';
import { byteEnumeration, enumeration, list, optional, struct } from '../combinators.ts';
import { anyLong, boolean, int, string, vInt } from '../primitives.ts';
import { restStatus } from '../rest-status.ts';
import { searchShardTarget } from '../search-shard-target.ts';
import { transportAddress } from '../transport-address.ts';
import type { ExceptionInit, ExceptionValue } from './exception-value.ts';
import { optionalNodeOfException } from './extension-node.ts';
import { asExtra, type ExtraCodec, unreadExtra } from './extra-codec.ts';
import { shardSearchFailureOf } from './shard-search-failure.ts';

type ExtraRows = readonly (readonly [ids: readonly number[], codec: Codec<object, never>])[];

const address = optional(transportAddress);
const action = optional(string);
const status = restStatus;

const overAction = struct({ address, action });
const overNode = struct({ address, action, node: optionalNodeOfException });
const shardTarget = optional(searchShardTarget);

/** Ordinal 4 is not used. */
const SHARD_STATES = ['CREATED', 'RECOVERING', 'POST_RECOVERY', 'STARTED', null, 'CLOSED'] as const;

const STREAM_ERROR_CODES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'TIMED_OUT',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'UNAUTHENTICATED',
  'UNAUTHORIZED',
  'RESOURCE_EXHAUSTED',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
] as const;

const position = struct({ offset: int, start: int, end: int });

const snapshot = struct({ repositoryName: optional(string), snapshotName: optional(string) });

/** Extra fields that do not contain other exceptions, in the order of the table of wire-format.md §4.8. */
const ROWS: ExtraRows = [
  [[20, 58, 83, 103], overAction],
  [[12, 46, 84, 134], overNode],
  [[101], struct({ action })],
  [[62], struct({ name: string, status })],
  [[133], struct({ byteLimit: anyLong, bytesWanted: anyLong, durability: enumeration('durability', ['TRANSIENT', 'PERMANENT']) })],
  [[4, 145], struct({ status })],
  [[40], struct({ lineNumber: int, columnNumber: int })],
  [[55, 71], struct({ nodeId: optional(string) })],
  [[1, 36, 50, 119], struct({ shardTarget })],
  [[72], struct({ shardTarget, lineNumber: int, columnNumber: int })],
  [[24], struct({ contextId: struct({ id: anyLong, sessionId: string }) })],
  [[49, 10001], struct({ blocks: list(clusterBlock) })],
  [[79], struct({ type: string, id: string })],
  [[23, 41, 45, 66, 97, 99, 114, 155, 162], struct({ currentState: byteEnumeration('index shard state', SHARD_STATES) })],
  [[27, 30, 39, 69, 73, 96, 166], snapshot],
  [[82, 107, 120], struct({ repository: optional(string) })],
  [[57, 88], struct({ name: optional(string) })],
  [[78], struct({ timestamp: optional(string) })],
  [[143], struct({ scriptStack: list(string), script: string, lang: string, pos: optional(position) })],
  [[149], struct({ maxBuckets: int })],
  [[76], struct({ phase: int })],
  [[42], struct({ numberOfFiles: int, totalFilesSize: byteSizeValue })],
  [[17], unreadExtra],
  [[163], struct({ decommissionAttribute: struct({ attributeName: string, attributeValue: string }) })],
  [[171], struct({ name: string, type: string, restStatus: int })],
  [[175], struct({ responseLimit: vInt, limitEntity: enumeration('limit entity', ['INDICES', 'SHARDS']) })],
  [[177], struct({ errorCode: enumeration('stream error code', STREAM_ERROR_CODES) })],
  [[179], struct({ activeMerges: vInt, hasPendingMerges: boolean })],
];

/**
 * Returns the codecs of extra fields by exception id. Other ids do not have extra fields.
 *
 * @param exception codec of the exceptions inside extra fields
 * @see wire-format.md §4.8
 */
export function extraFields(exception: Codec<ExceptionValue, ExceptionInit>): ReadonlyMap<number, ExtraCodec> {
  const phase = struct({ phaseName: optional(string), shardFailures: list(shardSearchFailureOf(exception)) });
  const rows: ExtraRows = [...ROWS, [[8, 100], phase]];
  return new Map(rows.flatMap(([ids, codec]) => ids.map((id) => [id, asExtra(codec)] as const)));
}
