import { type Message, MessageReader } from '../../src/protocol/frame/native/message.ts';

/** The one message of a frame; undefined for pings and for bytes that are none. */
export function messageOf(frame: Uint8Array): Message | undefined {
  const found = [...new MessageReader().push(Buffer.from(frame))];
  return found.length === 1 && found[0] !== 'ping' ? found[0] : undefined;
}
