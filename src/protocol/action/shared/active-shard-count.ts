import type { Codec } from '../../codec/codec.ts';
import { int } from '../../codec/primitives.ts';
import { UsageError } from '../../error/transport-error.ts';

/** How many copies of a shard must be active: a number, `ALL`, or `DEFAULT` for the setting of the index. */
export type ActiveShardCount = number | 'ALL' | 'DEFAULT';

const ALL = -1;
const DEFAULT = -2;

/** `i32`: −1 for `ALL`, −2 for `DEFAULT`, else the number. @see wire-format.md §11.1 */
export const activeShardCount: Codec<ActiveShardCount> = {
  schema: { kind: 'custom', name: 'activeShardCount' },
  isDeterministic: true,
  read: (input) => {
    const offset = input.offset;
    const count = input.readInt();
    if (count < DEFAULT) throw input.fail(`No ActiveShardCount for [${count}]`, offset);
    return count === ALL ? 'ALL' : count === DEFAULT ? 'DEFAULT' : count;
  },
  write: (output, value) => int.write(output, idOf(value)),
};

function idOf(value: ActiveShardCount): number {
  if (value === 'ALL') return ALL;
  if (value === 'DEFAULT') return DEFAULT;
  if (Number.isInteger(value) && value >= DEFAULT) return value;
  throw new UsageError(
    'ERR_USAGE',
    {},
    `expected an integer >= 0, 'ALL' or 'DEFAULT', got ${typeof value === 'string' ? `'${String(value)}'` : String(value)}`,
  );
}
