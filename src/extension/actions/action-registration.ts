import { registerTransportActions } from '../../protocol/action/extension/extension-to-node.ts';
import { TransportError } from '../../protocol/error/transport-error.ts';
import type { HostNode, RegistrationState } from '../node/host-node.ts';
import type { RegistrationStep } from '../node/registration.ts';
import type { ActionTable } from './action-table.ts';

/** Milliseconds in which a node acknowledges an action that is added later. */
const LATER_MS = 30_000;

/**
 * Registers the transport actions of a table with nodes, each in a message of its own: a node answers a message with yes or no, and does not say which of its
 * actions is taken.
 *
 * @see extensions.md §1.3 no. 5
 */
export class ActionRegistration {
  readonly #table: ActionTable;
  /** Names that nodes were sent, by the registration of each connection. */
  readonly #sent = new WeakMap<RegistrationState, Set<string>>();

  constructor(table: ActionTable) {
    this.#table = table;
  }

  /** The step that registers the actions; those that are added in the meantime go with it. */
  readonly step: RegistrationStep = async (node, signal) => {
    this.#sent.set(node.registration, new Set());
    for (const action of this.#table.names) await this.#send(node, action, signal);
  };

  /** Returns whether an action that was added to the table must be sent to a node; otherwise it goes with the others. */
  needs(node: HostNode): boolean {
    return this.#sent.has(node.registration);
  }

  /** Sends actions that were added to the table later. @throws TransportError if the node refuses one */
  async add(node: HostNode, actions: Iterable<string>): Promise<void> {
    for (const action of actions) await this.#send(node, action, AbortSignal.timeout(LATER_MS));
  }

  async #send({ channel, uniqueId, name, registration }: HostNode, action: string, signal: AbortSignal): Promise<void> {
    const sent = this.#sent.get(registration);
    if (sent === undefined || sent.has(action)) return;
    sent.add(action);
    const { status } = await channel.call(registerTransportActions, { uniqueId, transportActions: [action] }, { signal });
    if (status) return;
    const text = `node ${name} refused the action '${action}': an extension has registered it already; use another name, or restart the node`;
    throw new TransportError('ERR_REMOTE', {}, text);
  }
}
