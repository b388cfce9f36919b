import type { AnyAction, RequestOf, ResponseOf } from '../../protocol/action/define-action.ts';
import type { DiscoveryExtensionNodeInit } from '../../protocol/action/extension/both-ways.ts';
import { ConnectionLostError, DecodeError } from '../../protocol/error/transport-error.ts';
import type { CallOptions } from '../../transport/call/call.ts';
import { formatEndpoint } from '../../transport/carrier/endpoint.ts';
import type { Endpoint } from '../../transport/carrier/link.ts';
import type { Connection } from '../../transport/client/connection.ts';
import { disconnected, notConnected, unreadableAnswer } from './node-errors.ts';

/** An extension that a node was told of. */
export class InstalledExtension {
  readonly uniqueId: string;
  readonly name: string;
  readonly address: Endpoint;
  /** As messages describe it. */
  readonly node: DiscoveryExtensionNodeInit;
  /** As the node's refusals describe it. */
  readonly description: string;
  /** Routes that are served, as `GET /path`, below the prefix. */
  readonly routes: string[] = [];
  /** Whether it answered its initialisation with its own name. */
  isInitialized = false;
  readonly #connection: Connection;
  readonly #compress: boolean;

  constructor(
    facts: Pick<InstalledExtension, 'uniqueId' | 'name' | 'address' | 'node' | 'description'>,
    connect: (endpoint: Endpoint) => Connection,
    compress: boolean,
  ) {
    this.uniqueId = facts.uniqueId;
    this.name = facts.name;
    this.address = facts.address;
    this.node = facts.node;
    this.description = facts.description;
    this.#compress = compress;
    this.#connection = connect(facts.address);
  }

  /** `[name][address]`, for messages. */
  get label(): string {
    return `[${this.name}][${formatEndpoint(this.address)}]`;
  }

  get isConnected(): boolean {
    return this.#connection.state === 'open';
  }

  /** Opens the connection. @throws as {@link Connection.open} */
  connect(): Promise<void> {
    return this.#connection.open();
  }

  /**
   * Calls an action on the extension.
   *
   * @throws RemoteError what the extension answered, or in the words of a node: not connected, disconnected, an answer that cannot be read
   */
  async call<A extends AnyAction>(action: A, request: RequestOf<A>, options: CallOptions): Promise<ResponseOf<A>> {
    const channel = this.#connection.channelFor(action.purpose);
    if (channel === null) throw notConnected(this.label);
    try {
      return await channel.call(action, request, { compress: this.#compress, ...options });
    } catch (error) {
      if (error instanceof ConnectionLostError) throw disconnected(this.label, action.name);
      if (error instanceof DecodeError) throw unreadableAnswer(this.label, error);
      throw error;
    }
  }

  /** Ends the connection now. */
  abort(): void {
    this.#connection.abort();
  }

  /** Ends the connection once calls in flight are answered, after `drainMs` at the latest. */
  close(drainMs: number): Promise<void> {
    return this.#connection.close(drainMs);
  }
}
