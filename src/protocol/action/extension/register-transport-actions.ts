import { RegisterTransportActionsSchema } from '../../../gen/org/opensearch/extensions/proto/RegisterTransportActionsProto_pb.ts';
import { list, optional, struct, withDefault } from '../../codec/combinators.ts';
import { string } from '../../codec/primitives.ts';
import { protobufAs } from '../../codec/protobuf.ts';
import { defineAction } from '../define-action.ts';
import { acknowledgedResponse } from './acknowledged-response.ts';
import { identityOf, uniqueIdOf } from './extension-identity.ts';

const shape = struct({ uniqueId: optional(string), transportActions: withDefault(list(string), []) });

/** Extension to node: byte array, protobuf RegisterTransportActions. */
export const registerTransportActionsRequest = protobufAs(
  RegisterTransportActionsSchema,
  shape,
  (message) => ({ uniqueId: uniqueIdOf(message), transportActions: message.transportActions }),
  ({ uniqueId, transportActions = [] }) => ({ ...identityOf(uniqueId), transportActions: [...transportActions] }),
);

/**
 * Registers transport actions that other extensions may call through the node. Answered false when one of them is another extension's already.
 *
 * @see extensions.md §1.3 no. 5
 */
export const registerTransportActions = defineAction({
  name: 'internal:discovery/registertransportactions',
  request: registerTransportActionsRequest,
  response: acknowledgedResponse,
  summary: 'Registers the transport actions an extension offers',
});
