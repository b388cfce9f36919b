export type * from '../protocol/action/signature-types.ts';
export { type HttpMethod } from '../protocol/action/extension/node-to-extension.ts';
export { StatusError, type StatusErrorOptions } from '../protocol/error/status-error.ts';
export type { DiscoveryExtensionNode, ExtensionDependency, ExtensionPart } from '../protocol/action/extension/both-ways.ts';
export type { ClusterStateResponse } from '../protocol/action/extension/extension-info.ts';
export type { DiscoveryNode } from '../protocol/codec/discovery-node.ts';
export type { NodeRole } from '../protocol/codec/node-role.ts';
export type { TransportAddress } from '../protocol/codec/transport-address.ts';
export type { Settings, SettingValue } from '../protocol/codec/settings.ts';
export type { RestStatus } from '../protocol/codec/rest-status.ts';
export type { TaskId } from '../protocol/codec/task-id.ts';
export type { RequestHeaders, ResponseHeaders } from '../protocol/frame/native/variable-header.ts';
export type { WireLimits } from '../protocol/wire/limits.ts';
export type { Call, CallContext, CallOptions, Interceptor, ResponseHeadersListener, Service } from '../transport/call/call.ts';
export type { PeerChannel } from '../transport/call/peer-channel.ts';
export type { ServerCallContext } from '../transport/call/server-context.ts';
export type * from '../transport/carrier/link.ts';
export type { CloseOptions } from '../transport/server/server.ts';
export { Extension, extension, type RemoteOptions } from './extension.ts';
export type { ExtensionEvent, ExtensionOptions, RequestFacts } from './extension-options.ts';
export type { EventListener, EventOf, TypedEvent } from '../transport/util/listeners.ts';
export { registerWith, type RegisteredWith, type RegisterOptions } from './initialize/register.ts';
export { diagnose, type DiagnoseOptions, type Finding } from './initialize/diagnose.ts';
export type { InitializeOptions } from './initialize/initialize-options.ts';
export type { HostNode, RequiredExtension } from './node/host-node.ts';
export type { AnswerOn } from './sockets/answer-on.ts';
export type { OfficialClient, RestClient, RestClientAnswer, RestRequestOptions } from './rest/rest-client.ts';
export type { ExtensionRequest } from './rest/request.ts';
export { type BodyFormat, encoded } from './rest/encoded.ts';
export type { IntRules, QueryParams, TextRules } from './rest/query-params.ts';
export type { RequestBody } from './rest/request-body.ts';
export { ExtensionResponse, type HandlerResult, json, type ResponseInit, type ResponseOptions, response, text } from './rest/response.ts';
export type { RouteHandler, RouteMethod, RouteOptions } from './rest/route.ts';
export type { ParamNames, PathParams } from './rest/path-params.ts';
export type { HeadersInit } from './rest/response-headers.ts';
export type { ActionCaller, ActionHandler, ActionOptions, TypedActionHandler } from './actions/action-handler.ts';
export { decodeJavaRequest, encodeJavaRequest, type JavaRequest } from './actions/java-request.ts';
export { RemoteActionError, type RemoteActionFailure } from './node/remote-action.ts';
export { supervise, type Supervisor } from './supervisor/supervisor.ts';
export type { FailedRequest, SupervisorEvent, SupervisorOptions } from './supervisor/supervisor-options.ts';
export type { ServedRoute } from './supervisor/served-routes.ts';
export type { ReplayPolicy } from './supervisor/replay.ts';
export {
  setting,
  type SettingDefinition,
  type SettingMaker,
  type SettingMakers,
  type SettingOptions,
  type SettingScope,
} from './settings/setting.ts';
export type { IndexSettingHandle, SettingHandle } from './settings/setting-handle.ts';
export type { GivenValues, PublicValues } from './settings/setting-values.ts';
export type { SettingsEvent } from './settings/settings-event.ts';
export type { SettingType } from '../protocol/action/extension/setting-type.ts';
