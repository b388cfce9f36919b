import type { Codec } from '../../codec/codec.ts';
import { mapped, optional, struct, withDefault } from '../../codec/combinators.ts';
import { boolean, string, vInt } from '../../codec/primitives.ts';
import { fieldsOf } from '../../codec/schema-access.ts';
import { type ShardId, shardId } from '../../codec/shard-id.ts';
import { NO_TASK, type TaskId, taskId } from '../../codec/task-id.ts';
import type { TimeValue } from '../../codec/time-value.ts';
import { type InitOf, typed } from '../../codec/typed.ts';
import { UsageError } from '../../error/transport-error.ts';
import { type ActiveShardCount, activeShardCount } from '../shared/active-shard-count.ts';
import { WRITE_TIMEOUT } from '../shared/doc-write.ts';
import { type FetchSourceContext, type FetchSourceContextInit, fetchSource } from '../shared/fetch-source.ts';
import { type RefreshPolicy, refreshPolicy } from '../shared/refresh-policy.ts';
import { type Script, type ScriptInit, script } from '../shared/script.ts';
import { type TimeInit, timeout } from '../shared/timeout.ts';
import { type WriteCondition, writeCondition } from '../shared/version-type.ts';
import { unknownField } from '../unknown-field.ts';
import { type NestedIndexRequest, type NestedIndexRequestInit, nestedIndexRequest } from './index-request.ts';

/** Changes a document by a partial document or by a script. */
export interface UpdateRequest extends WriteCondition {
  /** Name of the index, or of an alias or data stream with one write index. */
  readonly index: string;
  /** Nodes fill it in; clients leave it out. */
  readonly shardId: ShardId | null;
  /** How long the node waits until the shard can be written. Default: 1 min. */
  readonly timeout: TimeValue;
  /** Nodes fill it in; clients leave it out. */
  readonly concreteIndex: string | null;
  /** How many copies of the shard must be active before the write begins. Default: `DEFAULT`, which is the setting of the index. */
  readonly waitForActiveShards: ActiveShardCount;
  /** Id of the document. */
  readonly id: string;
  /** The routing the document was written with. Default: null, by the id. */
  readonly routing: string | null;
  /** The script that changes the document. Give either `script` or `doc`. Default: null. */
  readonly script: Script | null;
  /** How often the node tries again when another write comes in between. Default: 0. */
  readonly retryOnConflict: number;
  /** Whether the write becomes visible to searches before the answer. Default: `NONE`. */
  readonly refresh: RefreshPolicy;
  /** An index request whose `source` holds the fields to change: `doc: { source: { year: 1 } }`. Default: null. */
  readonly doc: NestedIndexRequest | null;
  /** Which part of the changed document the answer holds in `getResult`. Default: null, none. */
  readonly fetchSource: FetchSourceContext | null;
  /** An index request whose `source` becomes the document if there is none yet. Default: null, the update fails with status 404. */
  readonly upsert: NestedIndexRequest | null;
  /** True to make `doc` the document if there is none yet. Default: false. */
  readonly docAsUpsert: boolean;
  /** True to answer `NOOP` without writing if `doc` changes nothing. Default: true. */
  readonly detectNoop: boolean;
  /** True to run the script on `upsert`, too. Default: false. */
  readonly scriptedUpsert: boolean;
  /** True to fail unless `index` is an alias. Default: false. */
  readonly requireAlias: boolean;
}

/** A document inside an update, to send. Index and id are those of the update unless they are given. */
export interface UpdateDocumentInit extends Partial<Pick<NestedIndexRequestInit, 'index'>>, Omit<NestedIndexRequestInit, 'index'> {}

/** Fields of an update request that are given in another form than they are read. */
export interface UpdateRequestInputs {
  readonly timeout: TimeInit;
  readonly script: ScriptInit | null;
  readonly fetchSource: FetchSourceContextInit | null;
  readonly doc: UpdateDocumentInit | null;
  readonly upsert: UpdateDocumentInit | null;
}

/** An {@link UpdateRequest} to send. */
export interface UpdateRequestInit extends InitOf<UpdateRequest, 'index' | 'id', UpdateRequestInputs> {}

/** An {@link UpdateRequest} inside a bulk request. */
export interface NestedUpdateRequest extends UpdateRequest {
  /** The task that the request is made for. Nodes fill it in; clients leave it out. */
  readonly parentTask: TaskId;
}

/** A {@link NestedUpdateRequest} to send. */
export interface NestedUpdateRequestInit extends InitOf<NestedUpdateRequest, 'index' | 'id', UpdateRequestInputs> {}

/**
 * `str` index, `opt` ShardId, TimeValue, `opt str` concrete index, `i32` active shards, `str` id, `opt str` routing, `opt` Script, `vInt` retries,
 * `u8` refresh policy, `opt` index request (the partial document), `opt` FetchSourceContext, `opt` index request (upsert), `bool` doc as upsert,
 * `zLong` if seqNo, `vLong` if primary term, `bool` detect noop, `bool` scripted upsert, `bool` require alias.
 *
 * @see wire-format.md §11.7
 */
const updateFields = {
  index: string,
  shardId: optional(shardId),
  timeout: withDefault(timeout, WRITE_TIMEOUT),
  concreteIndex: optional(string),
  waitForActiveShards: withDefault(activeShardCount, 'DEFAULT'),
  id: string,
  routing: optional(string),
  script: optional(script),
  retryOnConflict: withDefault(vInt, 0),
  refresh: refreshPolicy,
  doc: optional(nestedIndexRequest),
  fetchSource: optional(fetchSource),
  upsert: optional(nestedIndexRequest),
  docAsUpsert: withDefault(boolean, false),
  ...writeCondition,
  detectNoop: withDefault(boolean, true),
  scriptedUpsert: withDefault(boolean, false),
  requireAlias: withDefault(boolean, false),
};

interface WholeInputs extends Omit<UpdateRequestInputs, 'doc' | 'upsert'> {
  readonly doc: NestedIndexRequestInit | null;
  readonly upsert: NestedIndexRequestInit | null;
}

type WholeInit = InitOf<UpdateRequest, 'index' | 'id', WholeInputs>;
type NestedWholeInit = InitOf<NestedUpdateRequest, 'index' | 'id', WholeInputs>;

const whole = typed<UpdateRequest, WholeInit>()(struct(updateFields, 'UpdateRequest'));
const nestedWhole = typed<NestedUpdateRequest, NestedWholeInit>()(
  struct({ parentTask: withDefault(taskId, NO_TASK), ...updateFields }, 'UpdateRequest'),
);

/** Writes the update's index and id into its documents, as nodes do. */
function withInnerIds<Init extends UpdateRequestInit>(update: Init): Init & WholeInit {
  const { doc, upsert } = update;
  return { ...update, doc: doc ? innerRequest('doc', doc, update) : doc, upsert: upsert ? innerRequest('upsert', upsert, update) : upsert };
}

const INNER_FIELDS: ReadonlySet<string> = new Set(fieldsOf(nestedIndexRequest.schema).map(({ name }) => name));

/**
 * Returns the index request of a document inside an update.
 *
 * @throws ERR_USAGE for a bare document: its fields would not be sent, and the node would refuse the empty source in words about compressors
 */
function innerRequest(name: 'doc' | 'upsert', document: UpdateDocumentInit, { index, id }: UpdateRequestInit): NestedIndexRequestInit {
  const request = { index, id, ...document };
  // hot: bulk. Unlike Object.keys, the loop makes no array.
  let isKnown = true;
  for (const key in request) isKnown &&= INNER_FIELDS.has(key);
  const found = isKnown ? undefined : unknownField(nestedIndexRequest.schema)(request);
  if (found === undefined) return request;
  throw new UsageError('ERR_USAGE', {}, `${name}: ${found}; the fields of the document go into its source: ${name}: { source: { … } }`);
}

/** The request of `docs.update`; its parent task is the channel's business. */
export const updateRequest: Codec<UpdateRequest, UpdateRequestInit> = mapped<UpdateRequest, UpdateRequestInit, UpdateRequest, WholeInit>(
  whole,
  (value) => value,
  withInnerIds,
);

/** The same inside a bulk request: its own parent task, then the fields. */
export const nestedUpdateRequest: Codec<NestedUpdateRequest, NestedUpdateRequestInit> = mapped<
  NestedUpdateRequest,
  NestedUpdateRequestInit,
  NestedUpdateRequest,
  NestedWholeInit
>(nestedWhole, (value) => value, withInnerIds);
