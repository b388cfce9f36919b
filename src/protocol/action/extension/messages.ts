import type { AnyCodec, Codec } from '../../codec/codec.ts';
import { struct, withDefault } from '../../codec/combinators.ts';
import { joined } from '../../codec/joined.ts';
import { settings } from '../../codec/settings.ts';
import { NO_TASK, taskId } from '../../codec/task-id.ts';
import { acknowledgedResponse } from './acknowledged-response.ts';
import { addSettingsUpdateConsumerRequest } from './add-settings-update-consumer.ts';
import { clusterStateResponse } from './cluster-state.ts';
import { dependencyInformationResponse } from './dependency-information.ts';
import { discoveryExtensionNode } from './discovery-extension-node.ts';
import { extensionActionResponse, remoteExtensionActionResponse } from './extension-action-response.ts';
import { extensionDependency } from './extension-dependency.ts';
import { extensionRequest } from './extension-request.ts';
import { extensionTransportMessage } from './extension-transport-message.ts';
import { initializeExtensionRequest, initializeExtensionResponse } from './initialize.ts';
import { registerCustomSettingsRequest } from './register-custom-settings.ts';
import { registerRestActionsRequest } from './register-rest-actions.ts';
import { registerTransportActionsRequest } from './register-transport-actions.ts';
import { transportActionRequestFromExtension } from './request-transport-action.ts';
import { extensionRestRequest, restExecuteOnExtensionResponse } from './rest-execute.ts';
import { updateSettingsRequest } from './update-settings.ts';
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
  ExtensionRequest: body(extensionRequest('REQUEST_EXTENSION_CLUSTER_STATE')),
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
