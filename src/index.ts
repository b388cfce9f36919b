/**
 * The core of the package: client, server, `defineAction`, codecs for your own actions, and errors.
 *
 * @packageDocumentation
 */

export {
  type Action,
  type ActionDefinition,
  type AnswerOf,
  type AnyAction,
  defineAction,
  type Purpose,
  type ReceivedOf,
  type RequestOf,
  type ResponseOf,
} from './protocol/action/define-action.ts';
export { type AnyCodec, type Codec, decode, encode, type InOf, type OutOf, type SourceIn } from './protocol/codec/codec.ts';
export {
  byteEnumeration,
  enumeration,
  enumSet,
  type Fields,
  from,
  lazy,
  list,
  map,
  mapped,
  optional,
  type StructIn,
  type Simplify,
  type StructOut,
  since,
  struct,
  until,
  withDefault,
} from './protocol/codec/combinators.ts';
export {
  anyLong,
  anyVLong,
  anyZLong,
  boolean,
  byte,
  bytes,
  double,
  empty,
  float,
  int,
  long,
  long64,
  optionalBoolean,
  optionalBytes,
  rest,
  short,
  string,
  text,
  ubyte,
  version,
  vInt,
  vLong,
  vLong64,
  zLong,
  zLong64,
} from './protocol/codec/primitives.ts';
export { type ByteStream, type StreamSource, stream } from './protocol/codec/stream.ts';
export { type TaskId, taskId } from './protocol/codec/task-id.ts';
export {
  type KeyedUnionIn,
  type KeyedUnionOut,
  keyedUnion,
  type UnionAliases,
  type UnionCase,
  type UnionCases,
  type UnionIn,
  type UnionOptions,
  type UnionOut,
  union,
} from './protocol/codec/union.ts';
export { type Delivery, ERROR_CODES, type CodeFacts, type ErrorCode, type ErrorFault, type ErrorScope } from './protocol/error/codes.ts';
export { type RemoteCause, RemoteError, type RemoteStackFrame } from './protocol/error/remote-error.ts';
export { StatusError, type StatusErrorOptions } from './protocol/error/status-error.ts';
export {
  CancelledError,
  ConnectionLostError,
  DeadlineError,
  type DeadlinePhase,
  type DecodeDetails,
  DecodeError,
  DialError,
  EnvironmentError,
  type ErrorDetails,
  type FrameDetails,
  FrameError,
  HandshakeError,
  LimitError,
  OverloadedError,
  TransportError,
  UsageError,
  VersionError,
} from './protocol/error/transport-error.ts';
export type { RequestHeaders, ResponseHeaders } from './protocol/frame/native/variable-header.ts';
export { DEFAULT_LIMITS, type WireLimits } from './protocol/wire/limits.ts';
export type { Call, CallContext, CallOptions, Interceptor, ResponseHeadersListener, Service } from './transport/call/call.ts';
export type { ActionMetrics } from './transport/call/call-metrics.ts';
export type { CallEnded, CallStarted, ChannelChanged, RequestEnded } from './transport/call/diagnostics.ts';
export type { AdmissionLimits } from './transport/call/admission.ts';
export type { AnyHandler, Handler, HandlerOptions } from './transport/call/dispatcher.ts';
export type { ServerCallContext } from './transport/call/server-context.ts';
export { strictRequests } from './transport/call/strict-requests.ts';
export { Client, createClient } from './transport/client/client.ts';
export type {
  AcceptedVersions,
  ClientCallContext,
  ClientEvent,
  ClientOptions,
  ClientServeOptions,
} from './transport/client/client-options.ts';
export type { ConnectionState, ReconnectOptions } from './transport/client/connection.ts';
export type { NodeStatus } from './transport/client/node-pool.ts';
export type { ConnectionProfile } from './transport/client/connection-profile.ts';
export { createServer, Server, type ServerListenOptions } from './transport/server/server.ts';
export type { ServerEvent, ServerIdentityOptions, ServerOptions } from './transport/server/server-options.ts';
export { release } from './transport/util/body-pool.ts';
export type { Histogram, HistogramFigures } from './transport/util/histogram.ts';
export type * from './protocol/codec/schema.ts';
export type { ReadTrace, StreamInput, StreamInputOptions } from './protocol/wire/stream-input.ts';
export type { ByReference, StreamOutput, StreamOutputOptions, Tail } from './protocol/wire/stream-output.ts';
export type { VersionId } from './protocol/wire/version.ts';
export type { PeerChannel } from './transport/call/peer-channel.ts';
export type * from './transport/carrier/link.ts';
export type { OwnIdentity } from './transport/channel/own-identity.ts';
export type { CloseOptions } from './transport/server/server.ts';
export type { EventListener, EventOf, TypedEvent } from './transport/util/listeners.ts';
export type { BackOffOptions } from './transport/util/back-off.ts';
