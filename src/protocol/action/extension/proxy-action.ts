import { defineAction } from '../define-action.ts';
import { extensionActionResponse } from './extension-action-response.ts';
import { extensionTransportMessage } from './extension-transport-message.ts';

/** Calls an extension's transport action as a plug-in would; the node passes it on as `internal:extensions/handle-transportaction`. */
export const extensionProxyAction = defineAction({
  name: 'cluster:internal/extensions',
  request: extensionTransportMessage,
  response: extensionActionResponse,
  summary: "Calls an extension's transport action through a node",
});
