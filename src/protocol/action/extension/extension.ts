// The family `extension` and its door: its actions, one line each, then their types.
export { extensionClusterSettings as clusterSettings } from './extension-info.ts';
export { extensionClusterState as clusterState } from './extension-info.ts';
export { extensionDependencyInformation as dependencyInformation } from './extension-info.ts';
export { extensionEnvironmentSettings as environmentSettings } from './extension-info.ts';
export { addSettingsUpdateConsumer } from './extension-to-node.ts';
export { extensionProxyAction as proxyAction } from './extension-to-node.ts';
export { registerCustomSettings } from './extension-to-node.ts';
export { registerRestActions } from './extension-to-node.ts';
export { registerTransportActions } from './extension-to-node.ts';
export { requestTransportAction } from './extension-to-node.ts';
export { handleRemoteTransportAction } from './node-to-extension.ts';
export { handleTransportAction } from './node-to-extension.ts';
export { initializeExtension as initialize } from './node-to-extension.ts';
export { restExecuteOnExtension as restExecute } from './node-to-extension.ts';
export { updateSettings } from './node-to-extension.ts';

export type {
  DiscoveryExtensionNode,
  DiscoveryExtensionNodeInit,
  ExtensionDependency,
  ExtensionPart,
  ExtensionPartInit,
} from './both-ways.ts';
export type { ExtensionAcknowledgedResponse, ExtensionTransportMessage, ExtensionTransportMessageInit, UniqueId } from './both-ways.ts';
export type { ExtensionActionResponse, ExtensionActionResponseInit } from './both-ways.ts';
export type { RemoteExtensionActionResponse, RemoteExtensionActionResponseInit } from './both-ways.ts';
export type { ClusterStateResponse, ClusterStateResponseInit, ExtensionSettingsResponse } from './extension-info.ts';
export type { ExtensionDependencyResponse, ExtensionInfoRequest, ExtensionInfoRequestInit, ExtensionInfoType } from './extension-info.ts';
export type { AddSettingsUpdateConsumerRequest, AddSettingsUpdateConsumerRequestInit } from './extension-to-node.ts';
export type { RegisterCustomSettingsRequest, RegisterCustomSettingsRequestInit } from './extension-to-node.ts';
export type { RegisterRestActionsRequest, RegisterRestActionsRequestInit } from './extension-to-node.ts';
export type { RegisterTransportActionsRequest, RegisterTransportActionsRequestInit } from './extension-to-node.ts';
export type {
  CallingExtension,
  TransportActionRequestFromExtension,
  TransportActionRequestFromExtensionInit,
} from './extension-to-node.ts';
export type { ExtensionRestRequest, ExtensionRestRequestInit, HttpMethod, HttpVersion } from './node-to-extension.ts';
export type { InitializeExtensionRequest, InitializeExtensionRequestInit } from './node-to-extension.ts';
export type { InitializeExtensionResponse, InitializeExtensionResponseInit } from './node-to-extension.ts';
export type { RestExecuteOnExtensionResponse, RestExecuteOnExtensionResponseInit } from './node-to-extension.ts';
export type { UpdateSettingsRequest, UpdateSettingsRequestInit } from './node-to-extension.ts';
export type { AnySettingInit, SettingParser, SettingProperty, SettingRegex } from './setting.ts';
export type { WriteableSetting, WriteableSettingInit, WriteableSettingOf } from './setting.ts';
export type { SettingType, SettingValues } from './setting-type.ts';
export type { ByteSizeUnit, ByteSizeValue } from '../../codec/byte-size-value.ts';
export type * from '../shared/shared-types.ts';
