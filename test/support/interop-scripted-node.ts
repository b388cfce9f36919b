import { initializeExtension, restExecuteOnExtension } from '../../src/protocol/action/extension/node-to-extension.ts';
import { registerRestActions } from '../../src/protocol/action/extension/extension-to-node.ts';
import { tcpHandshake } from '../../src/protocol/action/internal/tcp-handshake.ts';
import { transportHandshake } from '../../src/protocol/action/internal/transport-handshake.ts';
import type { AnyAction, ReceivedOf, RequestOf, ResponseOf } from '../../src/protocol/action/define-action.ts';
import { decode, encode } from '../../src/protocol/codec/codec.ts';
import { readErrorResponse, toErrorResponse } from '../../src/protocol/codec/exception/error-response.ts';
import { exception } from '../../src/protocol/codec/exception/exception.ts';
import { toRemoteCause } from '../../src/protocol/codec/exception/remote-cause.ts';
import { RemoteError } from '../../src/protocol/error/remote-error.ts';
import { encodeMessage, type Message, type MessageInit, MessageReader } from '../../src/protocol/frame/native/message.ts';
import { StreamInput } from '../../src/protocol/wire/stream-input.ts';
import { minVersion, V_2_19_0, type VersionId } from '../../src/protocol/wire/version.ts';
import type { Carrier, Link } from '../../src/transport/carrier/link.ts';
import { ownNode, randomNodeId } from '../../src/transport/channel/own-identity.ts';

/** Milliseconds anything may take. */
const DEADLINE_MS = 5_000;

/** An answer, and the message it came in. */
export interface Answered<T> {
  readonly value: T;
  readonly message: Message;
}

/** How to ask. */
export interface AskOptions {
  /** Which of the node's sockets. @default 0 */
  readonly socket?: number;
  readonly compressed?: boolean;
  readonly requestHeaders?: Readonly<Record<string, string>>;
  /** Where the answer must come. @default the same socket */
  readonly answeredOn?: number | 'any';
  /** Version in the header. @default what the handshake agreed on */
  readonly version?: VersionId;
}

/** What becomes of the routes of an extension. */
export type RegistrationVerdict = 'acknowledge' | 'deny' | 'ignore' | Error;

/**
 * A node as an extension sees it, frame by frame: it dials several sockets, shakes hands on the first, initialises the extension, and judges its
 * registrations. Built on whole messages, so that every bit of an answer can be looked at.
 */
export class ScriptedNode {
  /** Messages that came, by socket. */
  readonly received: Message[][] = [];
  /** Pings that came, by socket. */
  readonly pings: number[] = [];
  /** Registrations that came, and by which socket. */
  readonly registrations: { readonly socket: number; readonly request: ReceivedOf<typeof registerRestActions> }[] = [];
  /** Sockets that the extension ended, in order. */
  readonly ended: number[] = [];
  readonly name: string;
  readonly version: VersionId;
  /** A node keeps its id when it restarts. */
  readonly nodeId: string;
  /** Another process of the same node has another one. */
  readonly ephemeralId: string = randomNodeId();
  /** Sockets of a blocked event loop: what comes on them is not read until {@link unblock}. */
  readonly blocked = new Set<number>();
  readonly #unread: (readonly [socket: number, message: Message | 'ping'])[] = [];
  readonly #links: Link[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #verdict: RegistrationVerdict;
  #nextId = 100n;
  #streamVersion: VersionId;

  private constructor(name: string, version: VersionId, verdict: RegistrationVerdict, nodeId: string) {
    this.name = name;
    this.nodeId = nodeId;
    this.version = version;
    this.#streamVersion = version;
    this.#verdict = verdict;
  }

  static async dial(
    carrier: Carrier,
    port: number,
    {
      name = 'scripted',
      version = V_2_19_0,
      sockets = 3,
      verdict = 'acknowledge',
      nodeId = randomNodeId(),
    }: { name?: string; version?: VersionId; sockets?: number; verdict?: RegistrationVerdict; nodeId?: string } = {},
  ): Promise<ScriptedNode> {
    const node = new ScriptedNode(name, version, verdict, nodeId);
    for (let socket = 0; socket < sockets; socket++) await node.#open(carrier, port, socket);
    return node;
  }

  async #open(carrier: Carrier, port: number, socket: number): Promise<void> {
    const reader = new MessageReader();
    this.received.push([]);
    this.pings.push(0);
    const link = await carrier.dial({ host: '127.0.0.1', port }, () => ({
      onBytes: (chunk) => {
        for (const message of reader.push(chunk)) this.#onMessage(socket, message);
        this.#tell();
      },
      readTarget: () => null,
      onFilled: () => undefined,
      onDrain: () => undefined,
      onClose: () => {
        this.ended.push(socket);
        this.#tell();
      },
    }));
    this.#links.push(link);
  }

  /** Reads everything that came on blocked sockets. */
  unblock(): void {
    this.blocked.clear();
    for (const [socket, message] of this.#unread.splice(0)) this.#onMessage(socket, message);
    this.#tell();
  }

  /** Messages that wait to be read on blocked sockets. */
  get unreadCount(): number {
    return this.#unread.length;
  }

  #onMessage(socket: number, message: Message | 'ping'): void {
    if (this.blocked.has(socket)) this.#unread.push([socket, message]);
    else if (message === 'ping') this.pings[socket] = (this.pings[socket] ?? 0) + 1;
    else {
      this.received[socket]?.push(message);
      if (message.request) this.#answer(socket, message);
    }
  }

  #answer(socket: number, { requestId, action, body, version, compressed }: Message): void {
    const answer = { request: false, requestId, version, compressed };
    if (action === transportHandshake.name) {
      const told = { discoveryNode: this.#node, clusterName: 'scripted', version: this.version };
      this.#send(socket, { ...answer, body: encode(transportHandshake.response, told, { version }) });
      return;
    }
    if (action !== registerRestActions.name) {
      this.#send(socket, { ...answer, error: true, body: this.#errorBody(new Error(`unexpected ${action}`), action) });
      return;
    }
    this.registrations.push({ socket, request: decode(registerRestActions.request, body.subarray(1), { version }) });
    const verdict = this.#verdict;
    if (verdict === 'ignore') return;
    if (verdict instanceof Error) this.#send(socket, { ...answer, error: true, body: this.#errorBody(verdict, action) });
    else this.#send(socket, { ...answer, body: encode(registerRestActions.response, { status: verdict === 'acknowledge' }) });
  }

  get #node() {
    const { name: nodeName, nodeId, ephemeralId, version } = this;
    return ownNode({ nodeName, clusterName: 'scripted', nodeId, ephemeralId, version }, { host: '127.0.0.1', port: 9300 });
  }

  #errorBody(error: Error, action: string): Buffer {
    const local = { host: '127.0.0.1', port: 9300 };
    return encode(exception, toErrorResponse(error, { nodeName: this.name, local, action, version: V_2_19_0 }), { version: V_2_19_0 });
  }

  #send(socket: number, message: MessageInit): void {
    this.sendRaw(socket, encodeMessage(message));
  }

  sendRaw(socket: number, bytes: Uint8Array): void {
    this.#links[socket]?.write(bytes);
  }

  ping(socket: number): void {
    this.sendRaw(socket, Buffer.from('4553ffffffff', 'hex'));
  }

  #tell(): void {
    for (const look of this.#waiting) look();
  }

  /** Waits until something holds. */
  until<T>(look: () => T | undefined | false): Promise<T> {
    return new Promise((resolve, reject) => {
      const done = (settle: () => void): void => {
        clearTimeout(timer);
        this.#waiting.delete(check);
        settle();
      };
      const check = (): void => {
        const found = look();
        if (found !== undefined && found !== false) done(() => resolve(found));
      };
      const timer = setTimeout(() => done(() => reject(new Error(`${this.name} waited ${DEADLINE_MS} ms`))), DEADLINE_MS);
      this.#waiting.add(check);
      check();
    });
  }

  /** Asks and waits for the answer. @throws RemoteError, and when the socket ends */
  async ask<A extends AnyAction>(
    action: A,
    request: RequestOf<A>,
    options: AskOptions = {},
    handshake: boolean = false,
  ): Promise<Answered<ResponseOf<A>>> {
    const { socket = 0, version = this.#streamVersion, compressed = false, requestHeaders = {}, answeredOn = socket } = options;
    const requestId = this.#nextId++;
    const body = Buffer.concat([Buffer.of(0), encode(action.request, request as never, { version })]);
    this.#send(socket, { request: true, requestId, version, handshake, compressed, requestHeaders, action: action.name, body });
    const answer = () =>
      (answeredOn === 'any' ? this.received.flat() : this.received[answeredOn])?.find(
        (each) => !each.request && each.requestId === requestId,
      );
    const message = await this.until(() => answer() ?? (this.ended.includes(socket) && null));
    if (message === null) throw new Error(`socket ${socket} ended before ${action.name} was answered`);
    if (message.error) throw new RemoteError(toRemoteCause(readErrorResponse(new StreamInput(message.body, { version: message.version }))));
    return { value: decode(action.response, message.body, { version: message.version }) as ResponseOf<A>, message };
  }

  /** Both handshakes, as the release does them. @param header version in the header of the first */
  async shakeHands(header: VersionId) {
    const tcp = await this.ask(tcpHandshake, { version: this.version }, { version: header }, true);
    this.#streamVersion = minVersion(this.version, tcp.value.version);
    return { tcp, transport: await this.ask(transportHandshake, undefined) };
  }

  /** Tells the extension who it is. */
  initialise(uniqueId: string, options: AskOptions = {}) {
    const sourceNode = this.#node;
    const extension = {
      ...sourceNode,
      name: `name of ${uniqueId}`,
      id: uniqueId,
      versionId: this.version,
      minimumCompatibleVersionId: V_2_19_0,
    };
    return this.ask(initializeExtension, { sourceNode, extension, serviceAccountHeader: 'noopToken' }, options);
  }

  /** Passes a REST request on: `GET /hello/x?a=1`. */
  execute(uniqueId: string, line: string, init: Partial<RequestOf<typeof restExecuteOnExtension>> = {}, options: AskOptions = {}) {
    const [method, target] = line.split(' ') as [RequestOf<typeof restExecuteOnExtension>['method'], string];
    const [path = '/', query = ''] = target.split('?');
    const params = Object.fromEntries(new URLSearchParams(query));
    const request = { method, uri: `/_extensions/_${uniqueId}${target}`, path: decodeURIComponent(path), params, mediaType: null, ...init };
    return this.ask(restExecuteOnExtension, request, options);
  }

  close(): void {
    for (const link of this.#links) link.abort();
  }
}
