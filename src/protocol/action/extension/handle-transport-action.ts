import { defineAction } from '../define-action.ts';
import { extensionActionResponse } from './extension-action-response.ts';
import { extensionTransportMessage } from './extension-transport-message.ts';

/** A call of an extension's transport action by a plug-in of the node. @see extensions.md §1.3 no. 16 */
export const handleTransportAction = defineAction({
  name: 'internal:extensions/handle-transportaction',
  request: extensionTransportMessage,
  response: extensionActionResponse,
  summary: "A plug-in's call of an extension's transport action",
});
