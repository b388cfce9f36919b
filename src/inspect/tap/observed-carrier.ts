import { formatEndpoint } from '../../transport/carrier/endpoint.ts';
import type { Carrier, Link } from '../../transport/carrier/link.ts';
import { ConversationDirection } from '../conversation/conversation-direction.ts';
import type { ConversationEvent, EventOrigin } from '../conversation/conversation-event.ts';
import { Dissector, type DissectOptions } from '../dissect/dissector.ts';
import { type Tap, tappedCarrier } from './tapped-carrier.ts';

/** Receives every event of a link, in the order in which bytes pass. */
export type EventListener = (event: ConversationEvent, link: Link) => void;

const NANOS_PER_MILLI = 1_000_000n;

/**
 * Returns a carrier that decodes the bytes of its dialled links as they pass and tells `onEvent`. The links themselves behave as before.
 *
 * @param carrier carries the bytes
 * @param options how frames are decoded
 */
export function observedCarrier(carrier: Carrier, options: DissectOptions, onEvent: EventListener): Carrier {
  const dissector = new Dissector(options);
  let links = 0;
  return tappedCarrier(carrier, (link) => linkTap(link, ++links, dissector, onEvent));
}

function linkTap(link: Link, connection: number, dissector: Dissector, onEvent: EventListener): Tap {
  const [sent, received] = [new ConversationDirection(dissector), new ConversationDirection(dissector)];
  ConversationDirection.join(sent, received);
  const [local, remote] = [formatEndpoint(link.local), formatEndpoint(link.remote)];
  const originOf = (from: string, to: string): EventOrigin => {
    return { connection, from, to, timeNs: BigInt(Date.now()) * NANOS_PER_MILLI };
  };
  const tell = (events: readonly ConversationEvent[]): void => {
    for (const event of events) onEvent(event, link);
  };
  return {
    onSent: (bytes) => tell(sent.push(bytes, originOf(local, remote))),
    onReceived: (bytes) => tell(received.push(bytes, originOf(remote, local))),
    onClosed: () => {
      tell(sent.end(originOf(local, remote)));
      tell(received.end(originOf(remote, local)));
    },
  };
}
