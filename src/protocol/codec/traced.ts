import type { StreamInput } from '../wire/stream-input.ts';
import { type Codec, underPath } from './codec.ts';

/** Reads one value and tells the stream's trace its name and extent. */
export function traced<Out>(input: StreamInput, name: string, codec: Codec<Out, never>): Out {
  input.trace?.enter(name, input.offset);
  let value: Out;
  try {
    value = codec.read(input);
  } catch (error) {
    throw underPath(error, name);
  }
  input.trace?.leave(input.offset, value);
  return value;
}
