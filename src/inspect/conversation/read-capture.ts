import type { Packet } from '../capture/packet.ts';
import { AddressTexts } from '../capture/address-texts.ts';
import { type NoSegment, type Segment, toSegment } from '../capture/segment.ts';
import { CapturedDirection } from './captured-direction.ts';
import { Dissector, type DissectOptions } from '../dissect/dissector.ts';
import { ConversationDirection } from './conversation-direction.ts';
import type { ConversationEvent } from './conversation-event.ts';

/** How a capture is decoded. */
export interface CaptureOptions extends DissectOptions {
  /** Only connections from or to this port. */
  readonly port?: number | undefined;
}

/** What was passed over in a capture. */
export interface CaptureCounts {
  packets: number;
  /** Fragments of IP packets, which are not reassembled. */
  fragments: number;
  /** Packets of a link type that is not known. */
  unknownLinks: number;
  /** One such type. */
  unknownLinkType: number | null;
}

/** Counts that begin at zero. */
export function noCounts(): CaptureCounts {
  return { packets: 0, fragments: 0, unknownLinks: 0, unknownLinkType: null };
}

interface Connection {
  /** `host:port` of the sender of `there`. */
  readonly from: string;
  readonly there: CapturedDirection;
  readonly back: CapturedDirection;
  /** Sequence number of the SYN, so that a port used anew is told from a repeated SYN. */
  readonly syn: number | null;
  over: boolean;
}

/** Connections that are kept in mind at once; beyond, the oldest count as over. */
const MAX_CONNECTIONS = 10_000;

/**
 * Decodes the transport messages of a capture.
 *
 * @param counts filled in on the way
 * @returns events in batches, in the order in which they were complete
 */
export async function* readCapture(
  packets: AsyncIterable<readonly Packet[]>,
  options: CaptureOptions,
  counts: CaptureCounts,
): AsyncGenerator<ConversationEvent[], void, undefined> {
  const connections = new Connections(options);
  for await (const batch of packets) {
    const found: ConversationEvent[] = [];
    for (const packet of batch) {
      counts.packets++;
      const segment = connections.segmentOf(packet);
      if (typeof segment === 'string') count(counts, segment, packet);
      else connections.take(segment, found);
    }
    yield found;
  }
  const last: ConversationEvent[] = [];
  connections.end(last);
  yield last;
}

function count(counts: CaptureCounts, reason: NoSegment, { linkType }: Packet): void {
  if (reason === 'fragment') counts.fragments++;
  if (reason !== 'linkType') return;
  counts.unknownLinks++;
  counts.unknownLinkType ??= linkType;
}

class Connections {
  readonly #port: number | undefined;
  readonly #dissector: Dissector;
  readonly #addresses: AddressTexts;
  readonly #byEnds: Map<string, Connection>;
  #opened: number;

  constructor({ port, ...options }: CaptureOptions) {
    this.#port = port;
    this.#dissector = new Dissector(options);
    this.#addresses = new AddressTexts();
    this.#byEnds = new Map();
    this.#opened = 0;
  }

  segmentOf(packet: Packet): Segment | NoSegment {
    return toSegment(packet, this.#addresses);
  }

  take(segment: Segment, found: ConversationEvent[]): void {
    const { from, fromPort, toPort, acknowledged, timeNs } = segment;
    const port = this.#port;
    if (port !== undefined && fromPort !== port && toPort !== port) return;
    const connection = this.#connectionOf(segment, found);
    const { there, back } = connection;
    const [own, other] = connection.from === from ? [there, back] : [back, there];
    own.take(segment);
    if (acknowledged !== null) other.acknowledge(acknowledged, timeNs);
    own.collect(found);
    other.collect(found);
    if (segment.rst) end(connection, found);
  }

  end(found: ConversationEvent[]): void {
    for (const connection of this.#byEnds.values()) end(connection, found);
  }

  #connectionOf(segment: Segment, found: ConversationEvent[]): Connection {
    const key = segment.from < segment.to ? `${segment.from} ${segment.to}` : `${segment.to} ${segment.from}`;
    const known = this.#byEnds.get(key);
    if (known !== undefined && !opensAnew(known, segment)) return known;
    if (known !== undefined) end(known, found);
    else this.#makeRoom(found);
    const opened = this.#open(segment);
    this.#byEnds.set(key, opened);
    return opened;
  }

  #makeRoom(found: ConversationEvent[]): void {
    if (this.#byEnds.size < MAX_CONNECTIONS) return;
    for (const [key, oldest] of this.#byEnds) {
      end(oldest, found);
      this.#byEnds.delete(key);
      return;
    }
  }

  #open(segment: Segment): Connection {
    const { from, to, sequence } = segment;
    const connection = ++this.#opened;
    const [there, back] = [new ConversationDirection(this.#dissector), new ConversationDirection(this.#dissector)];
    ConversationDirection.join(there, back);
    return {
      from,
      there: new CapturedDirection(there, { connection, from, to }),
      back: new CapturedDirection(back, { connection, from: to, to: from }),
      syn: isOpening(segment) ? sequence : null,
      over: false,
    };
  }
}

function isOpening({ syn, acknowledged }: Segment): boolean {
  return syn && acknowledged === null;
}

/** The same ports are used once more. */
function opensAnew({ syn, over }: Connection, segment: Segment): boolean {
  return isOpening(segment) && (over || syn !== segment.sequence);
}

function end(connection: Connection, found: ConversationEvent[]): void {
  if (connection.over) return;
  connection.over = true;
  for (const direction of [connection.there, connection.back]) {
    direction.end();
    direction.collect(found);
  }
}
