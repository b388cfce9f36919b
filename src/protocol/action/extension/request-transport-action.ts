import { ExtensionIdentitySchema } from '../../../gen/org/opensearch/extensions/proto/ExtensionIdentityProto_pb.ts';
import { struct } from '../../codec/combinators.ts';
import { joined } from '../../codec/joined.ts';
import { string } from '../../codec/primitives.ts';
import { protobufAs } from '../../codec/protobuf.ts';
import { defineAction } from '../define-action.ts';
import { remoteExtensionActionResponse } from './extension-action-response.ts';
import { extensionTransportMessage } from './extension-transport-message.ts';

const identity = protobufAs(
  ExtensionIdentitySchema,
  struct({ uniqueId: string }),
  ({ uniqueId }) => ({ uniqueId }),
  ({ uniqueId }) => ({ uniqueId }),
);

/** Extension to node: **two** byte arrays, protobuf ExtensionIdentity of the caller and ExtensionTransportMessage. */
export const transportActionRequestFromExtension = joined(identity, extensionTransportMessage, 'TransportActionRequestFromExtension');

/**
 * Calls a transport action that an extension registered. The target has 10 seconds; an unknown action is `success: false` with the reason.
 *
 * @see extensions.md §1.3 no. 14
 */
export const requestTransportAction = defineAction({
  name: 'internal:extensions/request-transportaction-from-extension',
  request: transportActionRequestFromExtension,
  response: remoteExtensionActionResponse,
  summary: "Calls another extension's transport action through the node",
});
