import { type ActionOfResponse, type DissectOptions, type MessageReading, readMessage } from '../dissect/dissect-message.ts';
import { FrameSplitter, type Piece } from './frame-splitter.ts';

/** Where something was seen. */
export interface Place {
  /** Number of the connection, from 1. */
  readonly connection: number;
  /** Sender and receiver as `host:port`; null where the input has no addresses. */
  readonly from: string | null;
  readonly to: string | null;
  /** Nanoseconds since 1970, of the packet that completed it; null where the input has no time. */
  readonly timeNs: bigint | null;
}

/** One thing seen on a connection, in order. */
export type Sighting = Place &
  (
    | {
        readonly kind: 'message';
        readonly offset: number;
        readonly bytes: Buffer;
        readonly missing: number;
        readonly message: MessageReading;
      }
    | Exclude<Piece, { kind: 'frame' | 'unfinished' }>
  );

/** Requests that wait for an answer, at most: the oldest are forgotten, as their answers were lost. */
const MAX_WAITING = 100_000;

/** One direction of a connection. */
export interface Direction {
  readonly splitter: FrameSplitter;
  /** Actions of the requests that were sent this way, by request id. */
  readonly sent: Map<bigint, string>;
}

/** A new direction. */
export function createDirection(): Direction {
  return { splitter: new FrameSplitter(), sent: new Map() };
}

/**
 * Decodes the pieces of one direction.
 *
 * @param way where the pieces go
 * @param back the other way: responses answer its requests. The same as `way` where both are in one stream
 */
export function* readPieces(
  pieces: Iterable<Piece>,
  way: Direction,
  back: Direction,
  place: Place,
  options: DissectOptions,
): Generator<Sighting, void, undefined> {
  const answers: ActionOfResponse = (requestId) => {
    const action = back.sent.get(requestId);
    back.sent.delete(requestId);
    return action ?? options.loneAction ?? null;
  };
  for (const piece of pieces) {
    if (piece.kind !== 'frame' && piece.kind !== 'unfinished') {
      yield { ...place, ...piece };
      continue;
    }
    const message = readMessage(piece.bytes, answers, options);
    const { header, action } = message;
    if (header?.request === true && action !== null) remember(way.sent, header.requestId, action);
    const missing = piece.kind === 'frame' ? 0 : piece.missing;
    yield { ...place, kind: 'message', offset: piece.offset, bytes: piece.bytes, missing, message };
  }
}

function remember(sent: Map<bigint, string>, requestId: bigint, action: string): void {
  sent.set(requestId, action);
  if (sent.size <= MAX_WAITING) return;
  const [oldest] = sent.keys();
  if (oldest !== undefined) sent.delete(oldest);
}
