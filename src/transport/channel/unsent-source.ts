import type { AnyCodec } from '../../protocol/codec/codec.ts';
import type { Tail } from '../../protocol/wire/stream-output.ts';

/** Methods that close a source that was never iterated: of a stream of Node.js, a stream of the web, an iterator. */
const WAYS = ['destroy', 'cancel', 'return'] as const;

/**
 * Closes the source of the stream that a message ends with, because it will not be sent. Does nothing for other messages, and for a source that has
 * nothing to close. An error of the source is dropped: the caller is told why the message was not sent.
 *
 * The source is closed in a microtask: it may call the client, and the call being refused has to settle first.
 *
 * @param message what the codec was, or would have been, given
 * @param written the source that the codec has written, if it came so far: a mapped codec may open a new one each time that it is asked
 */
export function closeUnsent(codec: AnyCodec, message: unknown, written: Tail | null = null): void {
  if (endsWithStream(codec)) queueMicrotask(() => void closeSource(() => memberOf(written ?? codec.sourceIn?.(message), 'chunks')));
}

function endsWithStream(codec: AnyCodec): boolean {
  try {
    return codec.hasStream === true;
  } catch {
    return false;
  }
}

/** Closes a source, or the iterator of one, by the first way that it has. Never throws. */
export async function closeSource(find: () => unknown): Promise<void> {
  try {
    const source = find();
    for (const name of WAYS) {
      const close = memberOf(source, name);
      if (typeof close !== 'function') continue;
      await close.call(source);
      return;
    }
  } catch {
    // The call has ended already, for another reason.
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
