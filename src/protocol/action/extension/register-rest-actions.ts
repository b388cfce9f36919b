import { RegisterRestActionsSchema } from '../../../gen/org/opensearch/extensions/proto/RegisterRestActionsProto_pb.ts';
import { list, optional, struct, withDefault } from '../../codec/combinators.ts';
import { string } from '../../codec/primitives.ts';
import { protobufAs } from '../../codec/protobuf.ts';
import { defineAction } from '../define-action.ts';
import { acknowledgedResponse } from './acknowledged-response.ts';
import { identityOf, uniqueIdOf } from './extension-identity.ts';

const shape = struct({
  uniqueId: optional(string),
  /** One string a route: `METHOD /path uniqueName[ legacy1,legacy2]`. */
  restActions: withDefault(list(string), []),
  /** Pairs: `METHOD /path`, then the deprecation message. */
  deprecatedRestActions: withDefault(list(string), []),
});

/** Extension to node: byte array, protobuf RegisterRestActions. */
export const registerRestActionsRequest = protobufAs(
  RegisterRestActionsSchema,
  shape,
  (message) => ({
    uniqueId: uniqueIdOf(message),
    restActions: message.restActions,
    deprecatedRestActions: message.deprecatedRestActions,
  }),
  ({ uniqueId, restActions = [], deprecatedRestActions = [] }) => ({
    ...identityOf(uniqueId),
    restActions: [...restActions],
    deprecatedRestActions: [...deprecatedRestActions],
  }),
);

/**
 * Registers the REST routes of an extension. A message with routes is accepted once in the life of a node for each extension.
 *
 * @see extensions.md §1.4
 */
export const registerRestActions = defineAction({
  name: 'internal:discovery/registerrestactions',
  request: registerRestActionsRequest,
  response: acknowledgedResponse,
  summary: 'Registers the REST routes of an extension',
});
