import { UsageError } from '../error/transport-error.ts';
import { COST } from '../wire/allowance.ts';
import type { Codec } from './codec.ts';
import { anyLong, string } from './primitives.ts';

/** A task of a node: whom a request is made for. */
export interface TaskId {
  /** Persistent id of the node; empty for no task. */
  readonly nodeId: string;
  /** Number of the task on its node; −1 for no task. */
  readonly id: number | bigint;
}

/** No parent: what stands in front of most requests. */
export const NO_TASK: TaskId = Object.freeze({ nodeId: '', id: -1 });

const TASK_COST = COST.object + 4 * COST.field;

/**
 * `str` node id, then `i64` id unless the node id is empty.
 *
 * @see wire-format.md §4.1
 */
export const taskId: Codec<TaskId> = {
  schema: {
    kind: 'struct',
    name: 'TaskId',
    fields: [
      { name: 'nodeId', schema: string.schema, canOmit: false },
      { name: 'id', schema: anyLong.schema, canOmit: false },
    ],
  },
  isDeterministic: true,
  read: (input) => {
    const nodeId = input.readString();
    if (nodeId === '') return NO_TASK;
    input.spend(TASK_COST);
    return { nodeId, id: anyLong.read(input) };
  },
  write: (output, value) => {
    if (typeof value?.nodeId !== 'string') throw new UsageError('ERR_USAGE', {}, 'expected a task id, for example { nodeId, id }');
    output.writeString(value.nodeId);
    if (value.nodeId !== '') anyLong.write(output, value.id);
  },
};
