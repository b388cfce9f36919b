import type { AnyCodec } from '../../protocol/codec/codec.ts';
import { fieldsOf, type Schema } from '../../protocol/codec/schema.ts';

/** The ways to let go of something that was never iterated: a stream of Node.js, one of the web, an iterator. */
const WAYS = ['destroy', 'cancel', 'return'] as const;

/**
 * Closes the source of the stream that a message ends with: it will not be sent, and nobody will iterate it. Nothing happens for other messages, and
 * for a source that has nothing to close. Whatever the source throws is dropped: the caller is told why the message was not sent.
 *
 * @param message what the codec was, or would have been, given
 */
export function closeUnsent(codec: AnyCodec, message: unknown): void {
  if (codec.hasStream !== true) return;
  const chunks = memberOf(streamIn(codec.schema, message), 'chunks');
  for (const name of WAYS) {
    const close = memberOf(chunks, name);
    if (typeof close !== 'function') continue;
    void attempt(() => close.call(chunks) as unknown);
    return;
  }
}

/** A stream is the last field of its struct, which may be the last field of another. */
function streamIn(schema: Schema, message: unknown): unknown {
  const last = fieldsOf(schema).at(-1);
  return last === undefined ? message : streamIn(last.schema, memberOf(message, last.name));
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

async function attempt(close: () => unknown): Promise<void> {
  try {
    await close();
  } catch {
    // Nobody is left who could do anything about it.
  }
}
