import type { AnyCodec, Codec } from '../../codec/codec.ts';
import { struct, withDefault } from '../../codec/combinators.ts';
import { joined } from '../../codec/joined.ts';
import { settings } from '../../codec/settings.ts';
import { NO_TASK, taskId } from '../../codec/task-id.ts';
import {
  acknowledgedResponse,
  discoveryExtensionNode,
  extensionActionResponse,
  extensionDependency,
  extensionTransportMessage,
  remoteExtensionActionResponse,
} from './both-ways.ts';
import { clusterStateResponse, dependencyInformationResponse, extensionInfoRequest } from './extension-info.ts';
import {
  addSettingsUpdateConsumerRequest,
  registerCustomSettingsRequest,
  registerRestActionsRequest,
  registerTransportActionsRequest,
  transportActionRequestFromExtension,
} from './extension-to-node.ts';
import {
  extensionRestRequest,
  initializeExtensionRequest,
  initializeExtensionResponse,
  restExecuteOnExtensionResponse,
  updateSettingsRequest,
} from './node-to-extension.ts';
import { writeableSetting } from './writeable-setting.ts';

const parentTask = struct({ parentTask: withDefault(taskId, NO_TASK) });

/** A whole request body: the parent task, then the request. */
function body<Out, In>(request: Codec<Out, In>): AnyCodec {
  return joined(parentTask, request, 'request body');
}

/**
 * The messages between nodes and extensions by OpenSearch's names of their classes, requests as whole bodies with their `parentTask`: what
 * `extension:<Message>` of the codec port names.
 */
export const extensionMessages: Readonly<Record<string, AnyCodec>> = {
  InitializeExtensionRequest: body(initializeExtensionRequest),
  InitializeExtensionResponse: initializeExtensionResponse,
  DiscoveryExtensionNode: discoveryExtensionNode,
  ExtensionDependency: extensionDependency,
  RegisterRestActionsRequest: body(registerRestActionsRequest),
  AcknowledgedResponse: acknowledgedResponse,
  ExtensionRestRequest: body(extensionRestRequest),
  RestExecuteOnExtensionResponse: restExecuteOnExtensionResponse,
  ExtensionRequest: body(extensionInfoRequest('REQUEST_EXTENSION_CLUSTER_STATE')),
  ClusterStateResponse: clusterStateResponse,
  ExtensionDependencyResponse: dependencyInformationResponse,
  EnvironmentSettingsResponse: settings,
  ClusterSettingsResponse: settings,
  RegisterTransportActionsRequest: body(registerTransportActionsRequest),
  TransportActionRequestFromExtension: body(transportActionRequestFromExtension),
  ExtensionHandleTransportRequest: body(extensionTransportMessage),
  ExtensionActionRequest: body(extensionTransportMessage),
  ExtensionActionResponse: extensionActionResponse,
  RemoteExtensionActionResponse: remoteExtensionActionResponse,
  WriteableSetting: writeableSetting,
  RegisterCustomSettingsRequest: body(registerCustomSettingsRequest),
  AddSettingsUpdateConsumerRequest: body(addSettingsUpdateConsumerRequest),
  UpdateSettingsRequest: body(updateSettingsRequest),
};
