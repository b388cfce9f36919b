export { parseHexText } from './capture/hex-text.ts';
export { errorText, perform, type PortRequest } from './codec-port/operations.ts';
export { portRegistry } from './codec-port/port-registry.ts';
export type { PortType } from './codec-port/port-type.ts';
export { createRegistry, type Registry, type RegistrySources } from './codec-port/registry.ts';
export { ConversationDirection } from './conversation/conversation-direction.ts';
export type {
  ConversationEvent,
  EventOrigin,
  EventPlace,
  GapEvent,
  MessageEvent,
  PingEvent,
  SkippedEvent,
} from './conversation/conversation-event.ts';
export { guessProtocol } from './conversation/other-protocol.ts';
export { type CaptureCounts, type CaptureOptions, noCounts } from './conversation/read-capture.ts';
export { readConversations } from './conversation/read-conversations.ts';
export type { DissectedBody } from './dissect/dissected-body.ts';
export type { DissectedMessage } from './dissect/dissected-message.ts';
export { type AnsweredAction, Dissector, type DissectOptions } from './dissect/dissector.ts';
export type { DissectedField } from './dissect/field-recorder.ts';
export type { FixedHeader, RequestId } from './dissect/fixed-header.ts';
export type { VariableHeaderValue } from './dissect/variable-header.ts';
export { eventJson, type EventJsonOptions } from './render/event-json.ts';
export { eventText, type TextOptions } from './render/event-text.ts';
export { type Paint, plain, type Style } from './render/paint.ts';
export { printable } from '../protocol/error/printable.ts';
export { type EventListener, observedCarrier } from './tap/observed-carrier.ts';
export { type ObservingProxy, observingProxy, type ObservingProxyOptions } from './tap/observing-proxy.ts';
export { type CreateTap, type Tap, tappedCarrier } from './tap/tapped-carrier.ts';
export type * from '../protocol/action/signature-types.ts';
export type { ExceptionExtra, ExceptionValue, NamedLists } from '../protocol/codec/exception/exception-value.ts';
export type { RemoteStackFrame } from '../protocol/error/remote-error.ts';
export type { HeaderCache } from '../protocol/frame/native/header-cache.ts';
export type { RequestHeaders, ResponseHeaders, VariableHeader } from '../protocol/frame/native/variable-header.ts';
export type * from '../transport/carrier/link.ts';
