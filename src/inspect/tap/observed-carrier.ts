import { formatEndpoint } from '../../transport/carrier/endpoint.ts';
import type { Carrier, Link } from '../../transport/carrier/link.ts';
import type { ConversationEvent } from '../conversation/conversation-event.ts';
import { Dissector, type DissectOptions } from '../dissect/dissector.ts';
import { ObservedDirection } from './observed-direction.ts';
import { type Tap, tappedCarrier } from './tapped-carrier.ts';

/** Receives every event of a link, in the order in which bytes pass. */
export type EventListener = (event: ConversationEvent, link: Link) => void;

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
  const observed = { connection, dissector, onEvent: (event: ConversationEvent) => onEvent(event, link) };
  const [sent, received] = ObservedDirection.pair(observed, formatEndpoint(link.local), formatEndpoint(link.remote));
  return {
    onSent: (bytes) => sent.push(bytes),
    onReceived: (bytes) => received.push(bytes),
    onClosed: () => {
      sent.end();
      received.end();
    },
  };
}
