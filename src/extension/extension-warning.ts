import { reasonOf } from '../protocol/error/reason-of.ts';
import type { ExtensionEvent } from './extension-options.ts';
import { SHARED_LOOPS_REMEDY, sharedLoopsText } from './node/event-loops.ts';

/** Returns the process warning for an event without a listener, or null. */
export function warningOf(event: ExtensionEvent): string | null {
  switch (event.type) {
    case 'rejected':
      return `node ${event.node.name} refused the registration: ${event.error.message}`;
    case 'settingRefused':
      return `the value of the setting '${event.key}' is not applied: ${event.reason}`;
    case 'settingsUnread':
      return `cannot read the settings of the cluster of node ${event.node.name}: ${event.error.message}; it is tried again`;
    case 'sharedEventLoops':
      return `node ${event.node.name}: ${sharedLoopsText()}; ${SHARED_LOOPS_REMEDY}`;
    case 'noNode':
      return noNodeWarning(event);
    case 'reinitializationFailed':
      return `the extension '${event.uniqueId}' is not initialised again: ${event.error.message}; it goes on trying`;
    case 'handlerFailed':
      return `${event.method} ${event.path} failed${event.isLate ? ' after its client was answered 504' : ''}: ${reasonOf(event.error)}`;
    case 'requestFailed':
      return `the answer to ${event.action} was replaced by an error: ${reasonOf(event.error)}`;
    case 'actionFailed':
      return `the action ${event.action} failed${event.isLate ? ' after its caller was answered' : ''}: ${reasonOf(event.error)}`;
    case 'handlerTimedOut':
      return `${event.method} ${event.path} did not answer within ${event.timeoutMs} ms`;
    default:
      return null;
  }
}

function noNodeWarning({ endpoint, waitMs, connections }: Extract<ExtensionEvent, { type: 'noNode' }>): string {
  const came = connections === 0 ? 'no connection came' : `${connections} connections came`;
  return (
    `no node has initialised the extension within ${waitMs} ms (${came}); check that the node runs with opensearch.experimental.feature.extensions.enabled: true, ` +
    `that POST /_extensions/initialize was sent to it with port ${endpoint.port} and a hostAddress at which the node reaches ${endpoint.host}, ` +
    'and that no firewall is between them; `ostp doctor` checks all of this'
  );
}
