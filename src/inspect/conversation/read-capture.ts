import type { Packet } from '../capture/packet.ts';
import { type NoSegment, type Segment, toSegment } from '../capture/segment.ts';
import { CapturedWay } from './captured-direction.ts';
import type { DissectOptions } from '../dissect/dissect-message.ts';
import { createDirection, type Sighting } from './conversation.ts';

/** What to look at in a capture. */
export interface CaptureOptions extends DissectOptions {
  /** Only connections from or to this port. */
  readonly port?: number | undefined;
}

/** What was passed over in a capture. */
export interface CaptureCounts {
  packets: number;
  /** Packets of IP that came in pieces, which are not put together. */
  fragments: number;
  /** Packets of a link type that is not known. */
  unknownLinks: number;
  /** One such type. */
  unknownLinkType: number | null;
}

/** Nothing passed over yet. */
export function noCounts(): CaptureCounts {
  return { packets: 0, fragments: 0, unknownLinks: 0, unknownLinkType: null };
}

interface Connection {
  /** By `host:port` of the sender. */
  readonly ways: ReadonlyMap<string, CapturedWay>;
  /** Sequence number of the SYN, so that a port used anew is told from a repeated SYN. */
  readonly syn: number | null;
  over: boolean;
}

/** Connections that are kept in mind at once; beyond, the oldest count as over. */
const MAX_CONNECTIONS = 10_000;

/**
 * Decodes the transport messages of a capture, in the order in which they were complete.
 *
 * @param counts filled in on the way
 */
export async function* readCapture(
  packets: AsyncIterable<Packet>,
  options: CaptureOptions,
  counts: CaptureCounts,
): AsyncGenerator<Sighting, void, undefined> {
  const connections = new Connections(options);
  for await (const packet of packets) {
    counts.packets++;
    const segment = toSegment(packet);
    if (typeof segment === 'string') count(counts, segment, packet);
    else yield* connections.take(segment);
  }
  yield* connections.end();
}

function count(counts: CaptureCounts, reason: NoSegment, { linkType }: Packet): void {
  if (reason === 'fragment') counts.fragments++;
  if (reason !== 'linkType') return;
  counts.unknownLinks++;
  counts.unknownLinkType ??= linkType;
}

class Connections {
  readonly #options: CaptureOptions;
  readonly #byEnds: Map<string, Connection>;
  #opened: number;

  constructor(options: CaptureOptions) {
    this.#options = options;
    this.#byEnds = new Map();
    this.#opened = 0;
  }

  *take(segment: Segment): Generator<Sighting, void, undefined> {
    const { from, to, fromPort, toPort, acknowledged, timeNs } = segment;
    const { port = fromPort } = this.#options;
    if (fromPort !== port && toPort !== port) return;
    const connection = yield* this.#connectionOf(segment);
    const [way, back] = [connection.ways.get(from), connection.ways.get(to)];
    way?.take(segment);
    if (acknowledged !== null) back?.acknowledge(acknowledged, timeNs);
    for (const each of connection.ways.values()) yield* each.collect();
    if (segment.rst) yield* end(connection);
  }

  *end(): Generator<Sighting, void, undefined> {
    for (const connection of this.#byEnds.values()) yield* end(connection);
  }

  *#connectionOf(segment: Segment): Generator<Sighting, Connection, undefined> {
    const key = segment.from < segment.to ? `${segment.from} ${segment.to}` : `${segment.to} ${segment.from}`;
    const known = this.#byEnds.get(key);
    if (known !== undefined && !opensAnew(known, segment)) return known;
    if (known !== undefined) yield* end(known);
    else yield* this.#makeRoom();
    const opened = this.#open(segment);
    this.#byEnds.set(key, opened);
    return opened;
  }

  *#makeRoom(): Generator<Sighting, void, undefined> {
    const [oldest] = this.#byEnds;
    if (oldest === undefined || this.#byEnds.size < MAX_CONNECTIONS) return;
    yield* end(oldest[1]);
    this.#byEnds.delete(oldest[0]);
  }

  #open(segment: Segment): Connection {
    const { from, to, sequence } = segment;
    const connection = ++this.#opened;
    const [there, back] = [createDirection(), createDirection()];
    const ways = new Map([
      [from, new CapturedWay(there, back, { connection, from, to }, this.#options)],
      [to, new CapturedWay(back, there, { connection, from: to, to: from }, this.#options)],
    ]);
    return { ways, syn: isOpening(segment) ? sequence : null, over: false };
  }
}

function isOpening({ syn, acknowledged }: Segment): boolean {
  return syn && acknowledged === null;
}

/** The same ports are used once more. */
function opensAnew({ syn, over }: Connection, segment: Segment): boolean {
  return isOpening(segment) && (over || syn !== segment.sequence);
}

function* end(connection: Connection): Generator<Sighting, void, undefined> {
  if (connection.over) return;
  connection.over = true;
  for (const way of connection.ways.values()) {
    way.end();
    yield* way.collect();
  }
}
