import { detectInput } from '../capture/detect-input.ts';
import type { ConversationEvent } from './conversation-event.ts';
import { type CaptureCounts, type CaptureOptions, noCounts, readCapture } from './read-capture.ts';
import { readStream } from './read-stream.ts';

/**
 * Decodes whatever holds transport frames, event by event: a packet capture (pcap, pcapng), frames one after the other, or hex text, also gzipped.
 *
 * @param chunks the bytes, however they are cut, for example a file's read stream
 * @param counts packets that were left out are counted here
 * @throws ERR_USAGE when the input is empty or broken
 * @example
 * for await (const event of readConversations(createReadStream('session.pcap'))) console.log(eventText(event));
 */
export async function* readConversations(
  chunks: AsyncIterable<Buffer>,
  options: CaptureOptions = {},
  counts: CaptureCounts = noCounts(),
): AsyncGenerator<ConversationEvent, void, undefined> {
  const input = await detectInput(chunks);
  const batches = input.kind === 'packets' ? readCapture(input.packets, options, counts) : readStream(input.chunks, options);
  for await (const events of batches) yield* events;
}
