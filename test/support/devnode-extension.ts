import {
  type InitializeExtensionRequest,
  initializeExtension,
  type RestExecuteOnExtensionResponseInit,
  restExecuteOnExtension,
  type ExtensionRestRequest,
} from '../../src/protocol/action/extension/node-to-extension.ts';
import type { PeerChannel } from '../../src/transport/call/peer-channel.ts';
import { createServer } from '../../src/transport/server/server.ts';

const opened: { close(options?: { drainMs: number }): Promise<void> }[] = [];

/** A node: a development node, or a genuine one. */
export interface Reachable {
  readonly httpUrl: string;
}

/** Closes a thing at the end of the test. */
export function open<T extends { close(options?: { drainMs: number }): Promise<void> }>(thing: T): T {
  opened.push(thing);
  return thing;
}

/** Closes what {@link open} was given, the newest first. */
export async function closeAll(): Promise<void> {
  for (const thing of opened.splice(0).reverse()) await thing.close({ drainMs: 0 });
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

export async function rest(node: Reachable, method: string, path: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(`${node.httpUrl}${path}`, { method, ...init });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

/** Asks a node to initialise an extension of this machine. */
export function initialise(node: Reachable, members: Record<string, unknown>, query = ''): Promise<Answer> {
  const usual = {
    name: 'Raw',
    hostAddress: '127.0.0.1',
    version: '1.0.0',
    opensearchVersion: '2.19.0',
    minimumCompatibleVersion: '2.19.0',
  };
  return rest(node, 'POST', `/_extensions/initialize${query}`, {
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...usual, ...members }),
  });
}

export interface ScriptedOptions {
  readonly version?: string;
  readonly name?: string;
  readonly answer?: (request: ExtensionRestRequest) => RestExecuteOnExtensionResponseInit | Promise<RestExecuteOnExtensionResponseInit>;
}

/** An extension without rules of its own: it says whatever the test wants, on the first connection the node opened. */
export async function scriptedExtension({ version, name, answer }: ScriptedOptions = {}) {
  const server = open(createServer(version === undefined ? {} : { version }));
  let channel: PeerChannel | null = null;
  let request: InitializeExtensionRequest | null = null;
  let resolve: (channel: PeerChannel) => void = () => undefined;
  const initialised = new Promise<PeerChannel>((done) => (resolve = done));
  server.handle(initializeExtension, (received, context) => {
    [channel, request] = [context.channel, received];
    resolve(context.channel);
    return { name: name ?? received.extension.name };
  });
  server.handle(restExecuteOnExtension, (received) => {
    return answer === undefined ? { status: 'OK', contentType: 'text/plain', content: Buffer.from(received.path) } : answer(received);
  });
  const { port } = await server.listen(0);
  return {
    server,
    port,
    initialised,
    get channel(): PeerChannel {
      if (channel === null) throw new Error('not initialised');
      return channel;
    },
    get request(): InitializeExtensionRequest | null {
      return request;
    },
  };
}
