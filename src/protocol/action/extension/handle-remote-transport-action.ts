import { defineAction } from '../define-action.ts';
import { remoteExtensionActionResponse } from './extension-action-response.ts';
import { extensionTransportMessage } from './extension-transport-message.ts';

/** A call of an extension's transport action by another extension, passed on by the node. @see extensions.md §1.3 no. 15 */
export const handleRemoteTransportAction = defineAction({
  name: 'internal:extensions/handle-remote-transportaction',
  request: extensionTransportMessage,
  response: remoteExtensionActionResponse,
  summary: "Another extension's call of an extension's transport action",
});
