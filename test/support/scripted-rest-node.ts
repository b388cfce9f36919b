import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { V_2_19_0 } from '../../src/protocol/wire/version.ts';
import type { Carrier } from '../../src/transport/carrier/link.ts';
import { tcp } from '../../src/transport/carrier/tcp.ts';
import { type RegistrationVerdict, ScriptedNode } from './interop-scripted-node.ts';

/** What a node does differently from a good one. */
export interface RestNodeScript {
  readonly name?: string;
  readonly nodeId?: string;
  readonly version?: string;
  /** Answers of the REST API by `METHOD /path`, instead of the usual ones; null never answers. */
  readonly answers?: Readonly<Record<string, readonly [status: number, body: string] | null>>;
  readonly verdict?: RegistrationVerdict;
  /** What it does after its 202. @default 'initialize' */
  readonly afterwards?: 'initialize' | 'nothing' | 'connect';
  readonly carrier?: Carrier;
}

/** A node with the part of the REST API that initialises extensions, and scripted sockets to them. It forgets them when it restarts. */
export class ScriptedRestNode {
  /** Requests that came, as `METHOD /path`. */
  readonly requests: string[] = [];
  /** Bodies of the requests to initialise an extension. */
  readonly bodies: Record<string, unknown>[] = [];
  readonly headers: IncomingMessage['headers'][] = [];
  /** What it does next time. */
  script: RestNodeScript;
  readonly #nodes = new Map<string, ScriptedNode | null>();
  #server: Server | null = null;
  #port = 0;

  constructor(script: RestNodeScript = {}) {
    this.script = script;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The scripted sockets to an extension. */
  node(uniqueId: string): ScriptedNode {
    const node = this.#nodes.get(uniqueId);
    if (node === undefined || node === null) throw new Error(`${uniqueId} is not connected`);
    return node;
  }

  async start(): Promise<this> {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** Ends as a node that is killed. */
  async close(): Promise<void> {
    for (const node of this.#nodes.values()) node?.close();
    this.#nodes.clear();
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const target = `${request.method} ${request.url?.split('?')[0]}`;
    this.requests.push(target);
    this.headers.push(request.headers);
    const scripted = this.script.answers?.[target];
    if (scripted === null) return;
    const [status, body] = scripted ?? (await this.#usual(target, Buffer.concat(pieces).toString()));
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  }

  async #usual(target: string, text: string): Promise<readonly [number, string]> {
    const { name = 'scripted', nodeId = 'scripted-id', version = '3.9.0' } = this.script;
    if (target === 'GET /') return [200, JSON.stringify({ name, version: { distribution: 'opensearch', number: version } })];
    if (target === 'GET /_nodes/_local') return [200, JSON.stringify({ nodes: { [nodeId]: { name } } })];
    if (target !== 'POST /_extensions/initialize') return [400, JSON.stringify({ error: `no handler found for uri [x]` })];
    const body = JSON.parse(text) as { uniqueId: string; port: string };
    this.bodies.push(body);
    if (this.#nodes.has(body.uniqueId)) {
      return [500, `Duplicate uniqueId [${body.uniqueId}]. Did not load extension: Extension [name=x]`];
    }
    this.#nodes.set(body.uniqueId, null);
    void this.#connect(body.uniqueId, Number(body.port)).catch(() => this.#nodes.delete(body.uniqueId));
    return [202, '{"success":"A request to initialize an extension has been sent."}'];
  }

  async #connect(uniqueId: string, port: number): Promise<void> {
    const { name = 'scripted', nodeId = 'scripted-id', verdict = 'acknowledge', carrier = tcp(), afterwards = 'initialize' } = this.script;
    if (afterwards === 'nothing') return;
    const node = await ScriptedNode.dial(carrier, port, { name, nodeId, verdict });
    this.#nodes.set(uniqueId, node);
    await node.shakeHands(V_2_19_0);
    if (afterwards === 'initialize') await node.initialise(uniqueId);
  }
}
