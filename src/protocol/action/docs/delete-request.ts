import type { InOf, OutOf } from '../../codec/codec.ts';
import { optional, struct, withDefault } from '../../codec/combinators.ts';
import { string } from '../../codec/primitives.ts';
import { NO_TASK, taskId } from '../../codec/task-id.ts';
import { replicatedWrite } from '../shared/doc-write.ts';
import { versionType, wantedVersion, writeCondition } from '../shared/version-type.ts';

/**
 * As index requests begin, then `str` id, `opt str` routing, `i64` version, `u8` version type, `zLong` if seqNo, `vLong` if primary term.
 *
 * @see wire-format.md §11.7
 */
const deleteFields = { ...replicatedWrite, id: string, routing: optional(string), version: wantedVersion, versionType, ...writeCondition };

/** A request to delete a document, without its parent task. */
export const deleteRequest = struct(deleteFields, 'DeleteRequest');

/** The same inside of a bulk request, where it has a parent task of its own. */
export const nestedDeleteRequest = struct({ parentTask: withDefault(taskId, NO_TASK), ...deleteFields }, 'DeleteRequest');

/** A request to delete a document inside of a bulk request. */
export type NestedDeleteRequest = OutOf<typeof nestedDeleteRequest>;

/** A request to delete a document inside of a bulk request, sparse. */
export type NestedDeleteRequestInit = InOf<typeof nestedDeleteRequest>;
