import { type Codec, type InOf, type OutOf } from '../../codec/codec.ts';
import { mapped, optional, struct, withDefault } from '../../codec/combinators.ts';
import { boolean, string, vInt } from '../../codec/primitives.ts';
import { shardId } from '../../codec/shard-id.ts';
import { NO_TASK, taskId } from '../../codec/task-id.ts';
import { activeShardCount } from '../shared/active-shard-count.ts';
import { WRITE_TIMEOUT } from '../shared/doc-write.ts';
import { fetchSource } from '../shared/fetch-source.ts';
import { refreshPolicy } from '../shared/refresh-policy.ts';
import { script } from '../shared/script.ts';
import { timeout } from '../shared/timeout.ts';
import { writeCondition } from '../shared/version-type.ts';
import { type NestedIndexRequestInit, nestedIndexRequest } from './index-request.ts';

/**
 * `str` index, `opt` ShardId, TimeValue, `opt str` concrete index, `i32` active shards, `str` id, `opt str` routing, `opt` Script, `vInt` retries,
 * `u8` refresh policy, `opt` index request (the partial document), `opt` FetchSourceContext, `opt` index request (upsert), `bool` doc as upsert,
 * `zLong` if seqNo, `vLong` if primary term, `bool` detect noop, `bool` scripted upsert, `bool` require alias.
 *
 * @see wire-format.md §11.7
 */
const updateFields = {
  index: string,
  /** Nodes fill it in; clients leave it out. */
  shardId: optional(shardId),
  timeout: withDefault(timeout, WRITE_TIMEOUT),
  /** Nodes fill it in; clients leave it out. */
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

const whole = struct(updateFields, 'UpdateRequest');
const nestedWhole = struct({ parentTask: withDefault(taskId, NO_TASK), ...updateFields }, 'UpdateRequest');

/** A document inside of an update; index and id are the update's unless they are given. */
type InnerDocument = Omit<NestedIndexRequestInit, 'index'> & { readonly index?: string };

type WithDocuments<Init> = Omit<Init, 'doc' | 'upsert'> & {
  readonly doc?: InnerDocument | null | undefined;
  readonly upsert?: InnerDocument | null | undefined;
};

/** A request to change a document, sparse. */
export type UpdateRequestInit = WithDocuments<InOf<typeof whole>>;

/** A request to change a document inside of a bulk request, sparse. */
export type NestedUpdateRequestInit = WithDocuments<InOf<typeof nestedWhole>>;

/** A request to change a document inside of a bulk request. */
export type NestedUpdateRequest = OutOf<typeof nestedWhole>;

/** Nodes write the update's index and id into its documents, and so do we. */
function withInnerIds<Init extends UpdateRequestInit>(update: Init): Init & InOf<typeof whole> {
  const { index, id } = update;
  const inner = (document: InnerDocument | null | undefined) => (document ? { index, id, ...document } : document);
  return { ...update, doc: inner(update.doc), upsert: inner(update.upsert) };
}

/** A request to change a document, without its parent task. */
export const updateRequest: Codec<OutOf<typeof whole>, UpdateRequestInit> = mapped<
  OutOf<typeof whole>,
  UpdateRequestInit,
  OutOf<typeof whole>,
  InOf<typeof whole>
>(whole, (value) => value, withInnerIds);

/** The same inside of a bulk request, where it has a parent task of its own. */
export const nestedUpdateRequest: Codec<NestedUpdateRequest, NestedUpdateRequestInit> = mapped<
  NestedUpdateRequest,
  NestedUpdateRequestInit,
  NestedUpdateRequest,
  InOf<typeof nestedWhole>
>(nestedWhole, (value) => value, withInnerIds);
