export type * from '../protocol/action/signature-types.ts';
export { type HttpMethod } from '../protocol/action/extension/node-to-extension.ts';
export { StatusError, type StatusErrorOptions } from '../protocol/error/status-error.ts';
export type { RestStatus } from '../protocol/codec/rest-status.ts';
export type { TaskId } from '../protocol/codec/task-id.ts';
export type { RequestHeaders, ResponseHeaders } from '../protocol/frame/native/variable-header.ts';
export type { WireLimits } from '../protocol/wire/limits.ts';
export type { Call, CallContext, CallOptions, Interceptor, ResponseHeadersListener, Service } from '../transport/call/call.ts';
export type { PeerChannel } from '../transport/call/peer-channel.ts';
export type { ServerCallContext } from '../transport/call/server-context.ts';
export type {
  AcceptFailureListener,
  Carrier,
  DialOptions,
  Endpoint,
  Link,
  LinkAcceptor,
  LinkCapabilities,
  Listener,
  ListenOptions,
  LinkSink,
} from '../transport/carrier/link.ts';
export type { CloseOptions } from '../transport/server/server.ts';
export { Extension, extension } from './extension.ts';
export type { ExtensionEvent, ExtensionOptions, HostNode, RequestFacts } from './extension-options.ts';
export type { EventListener, EventOf, TypedEvent } from '../transport/util/listeners.ts';
export type { ExtensionRequest } from './request.ts';
export type { RequestBody } from './request-body.ts';
export { ExtensionResponse, type HandlerResult, json, type ResponseInit, type ResponseOptions, response, text } from './response.ts';
export type { RouteHandler, RouteMethod, RouteOptions } from './route.ts';
export type { ParamNames, PathParams } from './path-params.ts';
export type { HeadersInit } from './response-headers.ts';
