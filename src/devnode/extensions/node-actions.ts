import type { AnswerOf, AnyAction, ReceivedOf } from '../../protocol/action/define-action.ts';
import type { HandlerOptions } from '../../transport/call/dispatcher.ts';
import type { ServerCallContext } from '../../transport/call/server-context.ts';

/** Whatever takes handlers of actions: a server, a dispatcher. */
export interface ActionHost {
  handle(action: AnyAction, handler: never, options?: HandlerOptions): unknown;
}

/**
 * The actions that a node serves. Each is served on the connections that the node accepted and on those that it opened to extensions: a node treats
 * both alike.
 *
 * @example
 * const actions = new NodeActions();
 * actions.serveOn(server);
 * actions.handle(health, () => ({ … }));
 */
export class NodeActions {
  readonly #served = new Map<string, readonly [AnyAction, never, HandlerOptions]>();
  readonly #hosts: ActionHost[] = [];

  /** Names of the actions. */
  get names(): ReadonlySet<string> {
    return new Set(this.#served.keys());
  }

  /** Registers the handler of an action with every host, those that come later included. @throws ERR_DUPLICATE_ACTION when the name is taken */
  handle<A extends AnyAction, const Answer extends AnswerOf<A>>(
    action: A,
    handler: (request: ReceivedOf<A>, context: ServerCallContext) => Answer | Promise<Answer>,
    options: HandlerOptions = {},
  ): this {
    for (const host of this.#hosts) host.handle(action, handler as never, options);
    this.#served.set(action.name, [action, handler as never, options]);
    return this;
  }

  /** Serves every action on a host, those that are registered later included. */
  serveOn(host: ActionHost): void {
    for (const [action, handler, options] of this.#served.values()) host.handle(action, handler, options);
    this.#hosts.push(host);
  }

  /** Returns whether an action of this name is served. */
  has(name: string): boolean {
    return this.#served.has(name);
  }
}
