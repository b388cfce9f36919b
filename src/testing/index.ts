export type { Delivery, ErrorCode, ErrorFault, ErrorScope } from '../protocol/error/codes.ts';
export type { ErrorDetails, TransportError } from '../protocol/error/transport-error.ts';
export type { VersionId } from '../protocol/wire/version.ts';
export { type ChaosCarrier, chaosCarrier, type ChaosOptions, type ChaosFaults } from './chaos-carrier.ts';
export { DevNode, devNode } from '../devnode/dev-node.ts';
export type { DevNodeEvent, DevNodeOptions } from '../devnode/dev-node-options.ts';
export type { NodeExtensionEvent } from '../devnode/extensions/extension-events.ts';
export type { NodeExtension } from '../devnode/extensions/extensions-manager.ts';
export type { LinkFaults } from '../devnode/extensions/delayed-line.ts';
export type { ExtensionFaults } from '../devnode/extensions/faulty-carrier.ts';
export type { HttpLimits } from '../devnode/rest/http-limits.ts';
export type { EventListener, EventOf, TypedEvent } from '../transport/util/listeners.ts';
export {
  type AnswerInit,
  scriptedNode,
  type ScriptedNode,
  type ScriptedNodeOptions,
  type ScriptedPeer,
  type Script,
} from './scripted-node.ts';
export type { Message, MessageInit } from '../protocol/frame/native/message.ts';
export type { RequestHeaders, ResponseHeaders } from '../protocol/frame/native/variable-header.ts';
export type * from '../transport/carrier/link.ts';
