import { Dissector, type DissectOptions } from '../dissect/dissector.ts';
import { ConversationDirection } from './conversation-direction.ts';
import type { ConversationEvent, EventOrigin } from './conversation-event.ts';

const NOWHERE: EventOrigin = { connection: 1, from: null, to: null, timeNs: null };

/**
 * Decodes frames that follow each other in one stream of bytes. Requests and responses may stand in the same stream.
 *
 * @param chunks the stream, however it is cut
 * @returns events in batches, in order
 */
export async function* readStream(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  options: DissectOptions,
): AsyncGenerator<ConversationEvent[], void, undefined> {
  const direction = new ConversationDirection(new Dissector(options));
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += BATCH_BYTES) yield direction.push(chunk.subarray(at, at + BATCH_BYTES), NOWHERE);
  }
  yield direction.end(NOWHERE);
}

/** Most bytes whose events are held at once. */
const BATCH_BYTES = 64 * 1024;
