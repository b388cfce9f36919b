import type { StreamInput } from '../../wire/stream-input.ts';
import type { Codec } from '../codec.ts';

/** A list that was read, and where its bytes lie in the body. */
interface Read<Out> {
  readonly offset: number;
  readonly size: number;
  readonly value: Out[];
}

/** Lists that are kept while a body is read: the failures of one search have only a few different stacks. */
const MOST_KEPT = 8;

/** Shortest list that is kept, in bytes: comparing a shorter one takes as long as reading it. */
const LEAST_BYTES = 64;

/**
 * A list that is read only once for each body in which it stands several times: all values with the same bytes share one array. A thousand shard
 * failures come with the same stacks, which would take most of their memory.
 */
export function sharedList<Out, In>(list: Codec<Out[], In>): Codec<Out[], In> {
  return {
    ...list,
    read: (input) => {
      if (input.trace !== null) return list.read(input);
      const kept = input.kept as Read<Out>[] | null;
      const found = kept?.find(({ offset, size }) => input.skipRepeated(offset, size));
      return found === undefined ? readAndKeep(input, list) : found.value;
    },
  };
}

function readAndKeep<Out, In>(input: StreamInput, list: Codec<Out[], In>): Out[] {
  const { offset } = input;
  const value = list.read(input);
  const size = input.offset - offset;
  if (size < LEAST_BYTES) return value;
  const read: Read<Out> = { offset, size, value };
  const kept = input.kept;
  if (kept === null) {
    input.kept = [read];
    return value;
  }
  if (kept.length === MOST_KEPT) kept.pop();
  kept.unshift(read);
  return value;
}
