import type { DissectOptions } from '../dissect/dissect-message.ts';
import { createDirection, type Place, readPieces, type Sighting } from './conversation.ts';

const NOWHERE: Place = { connection: 1, from: null, to: null, timeNs: null };

/**
 * Decodes frames that follow each other in one stream of bytes. Requests and responses may stand in the same stream.
 *
 * @param chunks the stream, however it is cut
 */
export async function* readStream(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  options: DissectOptions,
): AsyncGenerator<Sighting, void, undefined> {
  const direction = createDirection();
  for await (const chunk of chunks) yield* readPieces(direction.splitter.push(chunk), direction, direction, NOWHERE, options);
  yield* readPieces(direction.splitter.end(), direction, direction, NOWHERE, options);
}
