import { tcpHandshake } from '../protocol/action/internal/tcp-handshake.ts';
import { transportHandshake } from '../protocol/action/internal/transport-handshake.ts';
import { encodeMessage, type Message, type MessageInit, MessageReader } from '../protocol/frame/native/message.ts';
import { StreamOutput } from '../protocol/wire/stream-output.ts';
import { parseVersion, type VersionId } from '../protocol/wire/version.ts';
import type { Carrier, Endpoint, Link, LinkSink } from '../transport/carrier/link.ts';
import { formatEndpoint } from '../transport/carrier/endpoint.ts';
import { tcp } from '../transport/carrier/tcp.ts';
import { thrownBy } from '../transport/util/user-code.ts';

/** What one answer holds besides the id and the version of its request. */
export type AnswerInit = Partial<Pick<MessageInit, 'body' | 'error' | 'compressed' | 'responseHeaders'>>;

/** One connection to a scripted node. */
export interface ScriptedPeer {
  readonly remote: Endpoint;
  /** Answers a request. @throws ERR_USAGE, ERR_MESSAGE_TOO_LARGE */
  answer(request: Message, answer?: AnswerInit): void;
  /** Sends bytes as they are. */
  send(bytes: Uint8Array): void;
  /** Ends the connection when what was sent has gone out. */
  close(): void;
  /** Ends the connection now. */
  abort(): void;
}

/** Called with each request, but for handshakes. It may answer at once, later, wrongly or not at all. */
export type Script = (request: Message, peer: ScriptedPeer) => void;

/** Options of {@link scriptedNode}. */
export interface ScriptedNodeOptions {
  /** Release that the handshakes tell. @default '3.9.0' */
  readonly version?: string;
  /** @default 'scripted' */
  readonly clusterName?: string;
  /** @default tcp() */
  readonly carrier?: Carrier;
  /** False to leave handshakes to the script, too. @default true */
  readonly answersHandshakes?: boolean;
  readonly script: Script;
}

/** A node that does what a script says. */
export interface ScriptedNode extends AsyncDisposable {
  /** Where it listens, as `host:port`. */
  readonly address: string;
  /** The requests so far, but for handshakes that were answered by themselves, in the order in which they came. */
  readonly requests: readonly Message[];
  /** The connections that are open. */
  readonly peers: readonly ScriptedPeer[];
  /** What the script threw, and what was received that is not a message. */
  readonly errors: readonly Error[];
  /** Ends every connection and stops listening. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts a node on a free port of loopback that shakes hands and leaves every other request to a script. It knows frames and none of the rules that
 * keep a server from sending nonsense, so it can play a node that lies, falls silent or breaks.
 *
 * @throws ERR_USAGE for a version that is none
 * @example
 * const node = await scriptedNode({ script: (request, peer) => peer.answer(request, { body: Buffer.from('00', 'hex') }) });
 * const client = createClient(node.address);
 */
export async function scriptedNode(options: ScriptedNodeOptions): Promise<ScriptedNode> {
  const { version = '3.9.0', clusterName = 'scripted', carrier = tcp(), answersHandshakes = true, script } = options;
  const own = parseVersion(version);
  const requests: Message[] = [];
  const errors: Error[] = [];
  const peers = new Set<ScriptedPeer>();
  const hear = (message: Message, peer: ScriptedPeer): void => {
    const handshake = answersHandshakes ? handshakeAnswer(message, own, clusterName) : null;
    if (handshake !== null) return peer.answer(message, { body: handshake });
    requests.push(message);
    script(message, peer);
  };
  const listener = await carrier.listen({ port: 0 }, (link) => {
    const peer = peerOf(link);
    peers.add(peer);
    return sinkOf(
      (message) => hear(message, peer),
      (error) => errors.push(error),
      () => peers.delete(peer),
    );
  });
  const close = async (): Promise<void> => {
    for (const peer of peers) peer.abort();
    await listener.close();
  };
  return {
    address: formatEndpoint(listener.endpoint),
    requests,
    errors,
    get peers() {
      return [...peers];
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function peerOf(link: Link): ScriptedPeer {
  const send = (bytes: Uint8Array): void => void link.write(Buffer.from(bytes));
  return {
    remote: link.remote,
    answer: ({ requestId, version, handshake }, answer = {}) =>
      send(encodeMessage({ request: false, requestId, version, handshake, ...answer })),
    send,
    close: () => link.close(),
    abort: () => link.abort(),
  };
}

function sinkOf(onRequest: (message: Message) => void, onError: (error: Error) => void, onClose: () => void): LinkSink {
  const reader = new MessageReader();
  const onBytes = (chunk: Buffer): void => {
    try {
      for (const message of reader.push(chunk)) if (message !== 'ping' && message.request) onRequest(message);
    } catch (error) {
      onError(thrownBy('the script', error, 'answered'));
    }
  };
  return { onBytes, readTarget: () => null, onFilled: () => {}, onDrain: () => {}, onClose };
}

/** Returns the body of the answer to a handshake; null for another request. */
function handshakeAnswer({ action, version }: Message, own: VersionId, clusterName: string): Buffer | null {
  const output = new StreamOutput({ version });
  if (action === tcpHandshake.name) tcpHandshake.response.write(output, { version: own });
  else if (action === transportHandshake.name)
    transportHandshake.response.write(output, { discoveryNode: null, clusterName, version: own });
  else return null;
  return output.toBuffer();
}
