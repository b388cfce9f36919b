export { type ChaosCarrier, chaosCarrier, type ChaosOptions, type LinkFaults } from './chaos-carrier.ts';
export { DevNode, devNode } from '../devnode/dev-node.ts';
export type { DevNodeEvent, DevNodeOptions } from '../devnode/dev-node-options.ts';
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
export type { Message } from '../protocol/frame/native/message.ts';
export type { RequestHeaders, ResponseHeaders } from '../protocol/frame/native/variable-header.ts';
export type * from '../transport/carrier/link.ts';
