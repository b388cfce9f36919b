import { type Message, MessageReader } from '../../src/protocol/frame/native/message.ts';
import { HANDSHAKE_ANSWER, type RawPeer, rawServer, TRANSPORT_HANDSHAKE_ANSWER, withId } from './raw-peer.ts';

/** What a scripted node does with one request. */
export type Script = (peer: RawPeer, request: Message) => void;

/** A node of recorded bytes: shakes hands as 3.9.0 does, then does what the script says with every request. */
export async function scriptedNode(script: Script, handshake: Script = shakeHands) {
  const requests: Message[] = [];
  const server = await rawServer((peer) => {
    const reader = new MessageReader();
    peer.socket.on('data', (chunk: Buffer) => {
      for (const message of reader.push(chunk)) {
        if (message === 'ping' || !message.request) continue;
        if (message.action.startsWith('internal:')) handshake(peer, message);
        else {
          requests.push(message);
          script(peer, message);
        }
      }
    });
  });
  return { ...server, requests };
}

/** The recorded answers of both handshakes. */
export function shakeHands(peer: RawPeer, { action, requestId }: Message): void {
  peer.send(withId(action === 'internal:tcp/handshake' ? HANDSHAKE_ANSWER : TRANSPORT_HANDSHAKE_ANSWER, requestId));
}
