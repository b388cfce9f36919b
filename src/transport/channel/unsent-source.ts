import type { AnyCodec } from '../../protocol/codec/codec.ts';

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
  const chunks = chunksIn(codec, message);
  for (const name of WAYS) {
    const close = memberOf(chunks, name);
    if (typeof close !== 'function') continue;
    void attempt(() => close.call(chunks) as unknown);
    return;
  }
}

/** A message that is not of the codec's type has no source. */
function chunksIn(codec: AnyCodec, message: unknown): unknown {
  try {
    return memberOf(codec.sourceIn?.(message), 'chunks');
  } catch {
    return undefined;
  }
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
