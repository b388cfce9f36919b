import { handleRemoteTransportAction, handleTransportAction } from '../../protocol/action/extension/node-to-extension.ts';
import type {
  ExtensionActionResponse,
  ExtensionTransportMessage,
  RemoteExtensionActionResponse,
} from '../../protocol/action/extension/both-ways.ts';
import type { TransportActionRequestFromExtension } from '../../protocol/action/extension/extension-to-node.ts';
import { DeadlineError } from '../../protocol/error/transport-error.ts';
import type { InstalledExtension } from './installed-extension.ts';
import { NameBudget } from './name-budget.ts';
import { actionNotFound, timedOut } from './node-errors.ts';

/**
 * The transport actions of extensions, which others call through the node.
 *
 * @see extensions.md §1.3 no. 5, 14 to 16
 */
export class ProxiedActions {
  readonly #owners = new Map<string, string>();
  readonly #budget = new NameBudget('transport actions');
  readonly #find: (uniqueId: string) => InstalledExtension | undefined;
  readonly #timeoutMs: number;

  constructor(find: (uniqueId: string) => InstalledExtension | undefined, timeoutMs: number) {
    this.#find = find;
    this.#timeoutMs = timeoutMs;
  }

  /** Returns false at the first action that an extension has registered already; those before it stay registered. */
  register(uniqueId: string, actions: readonly string[]): boolean {
    for (const action of actions) {
      if (this.#owners.has(action)) return false;
      this.#budget.charge([action]);
      this.#owners.set(action, uniqueId);
    }
    return true;
  }

  /** Passes the call of an extension on to another one, or to itself. @throws RemoteError what the target answered, in time or not */
  async callFromExtension({ action, requestBytes }: TransportActionRequestFromExtension): Promise<RemoteExtensionActionResponse> {
    const owner = this.#owners.get(action);
    if (owner === undefined) return failed(`Request failed: action [${action}] is not registered for any extension.`);
    const target = this.#find(owner);
    if (target === undefined) return failed(`Request failed: extension [${owner}] can not be reached.`);
    return this.#inTime(target.call(handleRemoteTransportAction, { action, requestBytes }, { timeoutMs: this.#timeoutMs }));
  }

  /** Passes a call that a client of the node made on to an extension. @throws RemoteError as {@link callFromExtension}, and for an unknown action */
  async callFromNode({ action, requestBytes }: ExtensionTransportMessage): Promise<ExtensionActionResponse> {
    const target = this.#find(this.#owners.get(action) ?? '');
    if (target === undefined) throw actionNotFound(action);
    return this.#inTime(target.call(handleTransportAction, { action, requestBytes }, { timeoutMs: this.#timeoutMs }));
  }

  async #inTime<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw error instanceof DeadlineError ? timedOut() : error;
    }
  }
}

function failed(reason: string): RemoteExtensionActionResponse {
  return { success: false, responseBytes: Buffer.from(reason, 'utf8') };
}
