import { ExtensionIdentitySchema } from '../../../gen/org/opensearch/extensions/proto/ExtensionIdentityProto_pb.ts';
import { RegisterRestActionsSchema } from '../../../gen/org/opensearch/extensions/proto/RegisterRestActionsProto_pb.ts';
import { RegisterTransportActionsSchema } from '../../../gen/org/opensearch/extensions/proto/RegisterTransportActionsProto_pb.ts';
import { list, optional, struct, withDefault } from '../../codec/combinators.ts';
import { joined } from '../../codec/joined.ts';
import { string } from '../../codec/primitives.ts';
import { protobufAs } from '../../codec/protobuf.ts';
import { defineAction } from '../define-action.ts';
import {
  acknowledgedResponse,
  discoveryExtensionNode,
  extensionActionResponse,
  extensionTransportMessage,
  identityOf,
  remoteExtensionActionResponse,
  uniqueIdOf,
} from './both-ways.ts';
import { writeableSetting } from './writeable-setting.ts';

// Requests by which an extension registers with its node or calls through it. What it asks its node stands in extension-info.ts.

const restRoutes = struct({
  uniqueId: optional(string),
  /** One string a route: `METHOD /path uniqueName[ legacy1,legacy2]`. */
  restActions: withDefault(list(string), []),
  /** Pairs: `METHOD /path`, then the deprecation message. */
  deprecatedRestActions: withDefault(list(string), []),
});

/** Byte array, protobuf RegisterRestActions. */
export const registerRestActionsRequest = protobufAs(
  RegisterRestActionsSchema,
  restRoutes,
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

const offeredActions = struct({ uniqueId: optional(string), transportActions: withDefault(list(string), []) });

/** Byte array, protobuf RegisterTransportActions. */
export const registerTransportActionsRequest = protobufAs(
  RegisterTransportActionsSchema,
  offeredActions,
  (message) => ({ uniqueId: uniqueIdOf(message), transportActions: message.transportActions }),
  ({ uniqueId, transportActions = [] }) => ({ ...identityOf(uniqueId), transportActions: [...transportActions] }),
);

/**
 * Registers transport actions that other extensions may call through the node. Answered false when one of them already belongs to another extension.
 *
 * @see extensions.md §1.3 no. 5
 */
export const registerTransportActions = defineAction({
  name: 'internal:discovery/registertransportactions',
  request: registerTransportActionsRequest,
  response: acknowledgedResponse,
  summary: 'Registers the transport actions an extension offers',
});

/** `str` unique id, `list` of WriteableSetting. */
export const registerCustomSettingsRequest = struct(
  { uniqueId: string, settings: list(writeableSetting) },
  'RegisterCustomSettingsRequest',
);

/**
 * Registers settings of an extension. A key that exists is an error *and is unregistered*: never repeat this request.
 *
 * @see extensions.md §1.6
 */
export const registerCustomSettings = defineAction({
  name: 'internal:discovery/registercustomsettings',
  request: registerCustomSettingsRequest,
  response: acknowledgedResponse,
  summary: 'Registers the settings of an extension',
});

/** DiscoveryExtensionNode, `list` of WriteableSetting. */
export const addSettingsUpdateConsumerRequest = struct(
  { extensionNode: discoveryExtensionNode, settings: list(writeableSetting) },
  'AddSettingsUpdateConsumerRequest',
);

/**
 * Subscribes an extension to changes of settings. 2.19 always answers false; asking twice subscribes twice.
 *
 * @see extensions.md §1.6
 */
export const addSettingsUpdateConsumer = defineAction({
  name: 'internal:discovery/addsettingsupdateconsumer',
  request: addSettingsUpdateConsumerRequest,
  response: acknowledgedResponse,
  summary: 'Subscribes an extension to changes of settings',
});

const caller = protobufAs(
  ExtensionIdentitySchema,
  struct({ uniqueId: string }),
  ({ uniqueId }) => ({ uniqueId }),
  ({ uniqueId }) => ({ uniqueId }),
);

/** **Two** byte arrays, protobuf ExtensionIdentity of the caller and ExtensionTransportMessage. */
export const transportActionRequestFromExtension = joined(caller, extensionTransportMessage, 'TransportActionRequestFromExtension');

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

/** Calls an extension's transport action as a plug-in would; the node passes it on as `internal:extensions/handle-transportaction`. */
export const extensionProxyAction = defineAction({
  name: 'cluster:internal/extensions',
  request: extensionTransportMessage,
  response: extensionActionResponse,
  summary: "Calls an extension's transport action through a node",
});
