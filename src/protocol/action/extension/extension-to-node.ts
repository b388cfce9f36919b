import { ExtensionIdentitySchema } from '../../../gen/org/opensearch/extensions/proto/ExtensionIdentityProto_pb.ts';
import { RegisterRestActionsSchema } from '../../../gen/org/opensearch/extensions/proto/RegisterRestActionsProto_pb.ts';
import { RegisterTransportActionsSchema } from '../../../gen/org/opensearch/extensions/proto/RegisterTransportActionsProto_pb.ts';
import type { Codec } from '../../codec/codec.ts';
import { list, optional, struct, withDefault } from '../../codec/combinators.ts';
import { joined } from '../../codec/joined.ts';
import { string } from '../../codec/primitives.ts';
import { protobufAs } from '../../codec/protobuf.ts';
import { type InitOf, typed } from '../../codec/typed.ts';
import { defineAction } from '../define-action.ts';
import {
  acknowledgedResponse,
  type DiscoveryExtensionNode,
  type DiscoveryExtensionNodeInit,
  discoveryExtensionNode,
  extensionActionResponse,
  type ExtensionTransportMessage,
  type ExtensionTransportMessageInit,
  extensionTransportMessage,
  identityOf,
  remoteExtensionActionResponse,
  type UniqueId,
  uniqueIdOf,
} from './both-ways.ts';
import type { AnySettingInit, WriteableSetting } from './setting.ts';
import { writeableSetting } from './writeable-setting.ts';

// Requests by which an extension registers with its node or calls through it. Its questions are in extension-info.ts.

/** Registers the REST routes of an extension. */
export interface RegisterRestActionsRequest {
  /** Unique id of the extension. */
  readonly uniqueId: UniqueId;
  /** One string a route: `METHOD /path uniqueName[ legacy1,legacy2]`. */
  readonly restActions: string[];
  /** Pairs of strings: `METHOD /path`, then the deprecation message. */
  readonly deprecatedRestActions: string[];
}

/** A {@link RegisterRestActionsRequest} to send. */
export interface RegisterRestActionsRequestInit extends InitOf<RegisterRestActionsRequest> {}

const restRoutes = typed<RegisterRestActionsRequest, RegisterRestActionsRequestInit>()(
  struct({
    uniqueId: optional(string),
    restActions: withDefault(list(string), []),
    deprecatedRestActions: withDefault(list(string), []),
  }),
);

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

/** Registers the transport actions that an extension offers to others. */
export interface RegisterTransportActionsRequest {
  /** Unique id of the extension. */
  readonly uniqueId: UniqueId;
  /** Names of the actions. */
  readonly transportActions: string[];
}

/** A {@link RegisterTransportActionsRequest} to send. */
export interface RegisterTransportActionsRequestInit extends InitOf<RegisterTransportActionsRequest> {}

const offeredActions = typed<RegisterTransportActionsRequest, RegisterTransportActionsRequestInit>()(
  struct({ uniqueId: optional(string), transportActions: withDefault(list(string), []) }),
);

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

/** Registers the settings of an extension. */
export interface RegisterCustomSettingsRequest {
  /** Unique id of the extension. */
  readonly uniqueId: string;
  readonly settings: WriteableSetting[];
}

/** A {@link RegisterCustomSettingsRequest} to send. */
export interface RegisterCustomSettingsRequestInit
  extends InitOf<RegisterCustomSettingsRequest, 'uniqueId' | 'settings', { readonly settings: readonly AnySettingInit[] }> {}

/** `str` unique id, `list` of WriteableSetting. */
export const registerCustomSettingsRequest = typed<RegisterCustomSettingsRequest, RegisterCustomSettingsRequestInit>()(
  struct({ uniqueId: string, settings: list(writeableSetting) }, 'RegisterCustomSettingsRequest'),
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

/** Subscribes an extension to changes of settings. */
export interface AddSettingsUpdateConsumerRequest {
  /** The extension that subscribes. */
  readonly extensionNode: DiscoveryExtensionNode;
  readonly settings: WriteableSetting[];
}

/** An {@link AddSettingsUpdateConsumerRequest} to send. */
export interface AddSettingsUpdateConsumerRequestInit
  extends InitOf<
    AddSettingsUpdateConsumerRequest,
    'extensionNode' | 'settings',
    { readonly extensionNode: DiscoveryExtensionNodeInit; readonly settings: readonly AnySettingInit[] }
  > {}

/** DiscoveryExtensionNode, `list` of WriteableSetting. */
export const addSettingsUpdateConsumerRequest = typed<AddSettingsUpdateConsumerRequest, AddSettingsUpdateConsumerRequestInit>()(
  struct({ extensionNode: discoveryExtensionNode, settings: list(writeableSetting) }, 'AddSettingsUpdateConsumerRequest'),
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

/** The extension that calls another one. */
export interface CallingExtension {
  /** Unique id of the extension that calls. */
  readonly uniqueId: string;
}

/** A call of another extension's transport action. */
export interface TransportActionRequestFromExtension extends CallingExtension, ExtensionTransportMessage {}

/** A {@link TransportActionRequestFromExtension} to send. */
export interface TransportActionRequestFromExtensionInit extends CallingExtension, ExtensionTransportMessageInit {}

const caller = protobufAs(
  ExtensionIdentitySchema,
  typed<CallingExtension, CallingExtension>()(struct({ uniqueId: string })),
  ({ uniqueId }) => ({ uniqueId }),
  ({ uniqueId }) => ({ uniqueId }),
);

/** **Two** byte arrays, protobuf ExtensionIdentity of the caller and ExtensionTransportMessage. */
export const transportActionRequestFromExtension: Codec<TransportActionRequestFromExtension, TransportActionRequestFromExtensionInit> =
  joined(caller, extensionTransportMessage, 'TransportActionRequestFromExtension');

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
