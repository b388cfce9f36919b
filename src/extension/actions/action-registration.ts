import { registerTransportActions } from '../../protocol/action/extension/extension-to-node.ts';
import { TransportError } from '../../protocol/error/transport-error.ts';
import type { RegistrationStep } from '../node/registration.ts';
import type { ActionTable } from './action-table.ts';

/**
 * Returns the step that registers the transport actions of a table with a node, each in a message of its own: a node answers a message with yes or no, and
 * does not say which of its actions is taken.
 *
 * @see extensions.md §1.3 no. 5
 */
export function registerActions(table: ActionTable): RegistrationStep {
  return async ({ channel, uniqueId, name }, signal) => {
    for (const action of table.names) {
      const { status } = await channel.call(registerTransportActions, { uniqueId, transportActions: [action] }, { signal });
      if (status) continue;
      const text = `node ${name} refused the action '${action}': an extension has registered it already; use another name, or restart the node`;
      throw new TransportError('ERR_REMOTE', {}, text);
    }
  };
}
