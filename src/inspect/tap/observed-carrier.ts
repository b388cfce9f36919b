import { formatEndpoint } from '../../transport/carrier/endpoint.ts';
import type { Carrier, Link } from '../../transport/carrier/link.ts';
import { createDirection, type Direction, type Place, readPieces, type Sighting } from '../conversation/conversation.ts';
import type { DissectOptions } from '../dissect/dissect-message.ts';
import type { Piece } from '../conversation/frame-splitter.ts';
import { type Tap, tappedCarrier } from './tapped-carrier.ts';

/** Told of every frame that passes on a link, decoded. */
export type Watcher = (sighting: Sighting, link: Link) => void;

const NANOS_PER_MILLI = 1_000_000n;

/** A carrier whose dialled links are decoded as the bytes pass. */
export function watchedCarrier(carrier: Carrier, options: DissectOptions, watch: Watcher): Carrier {
  let links = 0;
  return tappedCarrier(carrier, (link) => linkTap(link, ++links, options, watch));
}

function linkTap(link: Link, connection: number, options: DissectOptions, watch: Watcher): Tap {
  const [sent, received] = [createDirection(), createDirection()];
  const [local, remote] = [formatEndpoint(link.local), formatEndpoint(link.remote)];
  const tell = (pieces: Iterable<Piece>, way: Direction, back: Direction, from: string, to: string): void => {
    const place: Place = { connection, from, to, timeNs: BigInt(Date.now()) * NANOS_PER_MILLI };
    for (const sighting of readPieces(pieces, way, back, place, options)) watch(sighting, link);
  };
  return {
    onSent: (bytes) => tell(sent.splitter.push(bytes), sent, received, local, remote),
    onReceived: (bytes) => tell(received.splitter.push(bytes), received, sent, remote, local),
    onClosed: () => {
      tell(sent.splitter.end(), sent, received, local, remote);
      tell(received.splitter.end(), received, sent, remote, local);
    },
  };
}
