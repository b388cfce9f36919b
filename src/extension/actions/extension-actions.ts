import { handleRemoteTransportAction, handleTransportAction } from '../../protocol/action/extension/node-to-extension.ts';
import type { AnyAction } from '../../protocol/action/define-action.ts';
import type { Server } from '../../transport/server/server.ts';
import type { HostNode } from '../node/host-node.ts';
import type { RegistrationStep } from '../node/registration.ts';
import { ActionExecutor, type ActionExecutorOptions } from './action-executor.ts';
import type { ActionHandler, ActionOptions, TypedActionHandler } from './action-handler.ts';
import { ActionRegistration } from './action-registration.ts';
import { ActionTable } from './action-table.ts';
import { handlerOf } from './typed-action.ts';

/** The transport actions that an extension serves: their handlers, their registration with nodes, and the execution of calls. */
export class ExtensionActions {
  readonly #table = new ActionTable();
  readonly #registration = new ActionRegistration(this.#table);
  readonly #executor: ActionExecutor;

  constructor(options: Omit<ActionExecutorOptions, 'actions'>) {
    this.#executor = new ActionExecutor({ ...options, actions: this.#table });
  }

  /** The step that registers the actions with a node. */
  get step(): RegistrationStep {
    return this.#registration.step;
  }

  /** Answers the calls that nodes pass on. */
  serve(server: Server): void {
    server.handle(handleRemoteTransportAction, (message, context) => this.#executor.fromExtension(message, context));
    server.handle(handleTransportAction, (message, context) => this.#executor.fromPlugin(message, context));
  }

  /** Adds the handler of an action. @throws as {@link ActionTable.add} @returns the names that are to be registered with nodes */
  add(action: string | AnyAction, handler: ActionHandler | TypedActionHandler<AnyAction>, options?: ActionOptions): readonly string[] {
    const name = typeof action === 'object' ? action.name : action;
    const isTyped = typeof action === 'object' && typeof handler === 'function';
    const inBytes = isTyped ? handlerOf(action, handler as TypedActionHandler<AnyAction>) : (handler as ActionHandler);
    return this.#table.add(name, inBytes, options);
  }

  /** As {@link ActionRegistration.needs}. */
  needs(node: HostNode): boolean {
    return this.#registration.needs(node);
  }

  /** As {@link ActionRegistration.add}. */
  register(node: HostNode, actions: readonly string[]): Promise<void> {
    return this.#registration.add(node, actions);
  }
}
