import { UsageError } from '../../protocol/error/transport-error.ts';
import { describe } from '../../transport/util/check-options.ts';
import { ANY_ACTION, checkActionName } from './action-name.ts';
import type { ActionHandler, ActionOptions } from './action-handler.ts';

/** The transport actions of an extension. */
export class ActionTable {
  readonly #handlers = new Map<string, ActionHandler>();
  readonly #names = new Set<string>();

  /** Names to register with a node, in the order they were added. */
  get names(): Iterable<string> {
    return this.#names;
  }

  get size(): number {
    return this.#names.size;
  }

  /**
   * Adds the handler of an action, or leaves the table as it was. The name `*` stands for every action without a handler of its own.
   *
   * @returns the names that are to be registered with nodes
   * @throws ERR_USAGE for a bad name, a handler that is not a function, and `names` of another action than `*`; ERR_DUPLICATE_ACTION
   */
  add(name: string, handler: ActionHandler, { names = [] }: ActionOptions = {}): readonly string[] {
    checkActionName(name);
    if (typeof handler !== 'function') {
      throw new UsageError('ERR_USAGE', {}, `the handler of the action ${name} must be a function, got ${describe(handler)}`);
    }
    if (this.#handlers.has(name)) {
      throw new UsageError('ERR_DUPLICATE_ACTION', {}, `cannot add a handler for the action ${name}: it has one already`);
    }
    if (names.length > 0 && name !== ANY_ACTION) {
      throw new UsageError('ERR_USAGE', {}, `names can be given for the action '${ANY_ACTION}' only, got them for '${name}'`);
    }
    for (const each of names) checkActionName(each);
    this.#handlers.set(name, handler);
    const added = name === ANY_ACTION ? names : [name];
    for (const each of added) this.#names.add(each);
    return added;
  }

  /** Returns the handler of an action, the one of `*` if it has none of its own, or undefined. */
  find(name: string): ActionHandler | undefined {
    return this.#handlers.get(name) ?? this.#handlers.get(ANY_ACTION);
  }
}
