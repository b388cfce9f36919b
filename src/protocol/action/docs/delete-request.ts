import { optional, struct, withDefault } from '../../codec/combinators.ts';
import { string } from '../../codec/primitives.ts';
import { NO_TASK, type TaskId, taskId } from '../../codec/task-id.ts';
import { type InitOf, typed } from '../../codec/typed.ts';
import { type ReplicatedWriteRequest, replicatedWrite, type WriteTimes } from '../shared/doc-write.ts';
import { type VersionType, versionType, wantedVersion, type WriteCondition, writeCondition } from '../shared/version-type.ts';

/** Deletes a document. */
export interface DeleteRequest extends ReplicatedWriteRequest, WriteCondition {
  /** Id of the document. */
  readonly id: string;
  /** The routing the document was written with. Default: null, by the id. */
  readonly routing: string | null;
  /** The version that the document must have, or with an external `versionType` the deletion gets. Default: −3, any. */
  readonly version: number | bigint;
  /** Who counts the versions: the index, or a system outside. Default: `INTERNAL`. */
  readonly versionType: VersionType;
}

/** A {@link DeleteRequest} to send. */
export interface DeleteRequestInit extends InitOf<DeleteRequest, 'index' | 'id', WriteTimes> {}

/** A {@link DeleteRequest} inside another request. */
export interface NestedDeleteRequest extends DeleteRequest {
  /** The task that the request is made for. Nodes fill it in; clients leave it out. */
  readonly parentTask: TaskId;
}

/** A {@link NestedDeleteRequest} to send. */
export interface NestedDeleteRequestInit extends InitOf<NestedDeleteRequest, 'index' | 'id', WriteTimes> {}

/**
 * As index requests begin, then `str` id, `opt str` routing, `i64` version, `u8` version type, `zLong` if seqNo, `vLong` if primary term.
 *
 * @see wire-format.md §11.7
 */
const deleteFields = { ...replicatedWrite, id: string, routing: optional(string), version: wantedVersion, versionType, ...writeCondition };

/** The request of `docs.delete`; its parent task is the channel's business. */
export const deleteRequest = typed<DeleteRequest, DeleteRequestInit>()(struct(deleteFields, 'DeleteRequest'));

/** The same inside a bulk request: its own parent task, then the fields. */
export const nestedDeleteRequest = typed<NestedDeleteRequest, NestedDeleteRequestInit>()(
  struct({ parentTask: withDefault(taskId, NO_TASK), ...deleteFields }, 'DeleteRequest'),
);
