export type { EventListener, EventOf, TypedEvent } from '../transport/util/listeners.ts';
export { DevNode, devNode } from './dev-node.ts';
export type { DevNodeEvent, DevNodeOptions } from './dev-node-options.ts';
export type { HttpLimits } from './rest/http-limits.ts';
export type { NodeExtensionEvent } from './extensions/extension-events.ts';
export type { NodeExtension } from './extensions/extensions-manager.ts';
export type { LinkFaults } from './extensions/delayed-line.ts';
export type { ExtensionFaults } from './extensions/faulty-carrier.ts';
