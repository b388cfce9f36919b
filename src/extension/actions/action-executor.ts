import { types } from 'node:util';
import type { ExtensionTransportMessage } from '../../protocol/action/extension/both-ways.ts';
import { shortened } from '../../protocol/error/shortened.ts';
import { StatusError } from '../../protocol/error/status-error.ts';
import type { ServerCallContext } from '../../transport/call/server-context.ts';
import { describeType } from '../../transport/util/check-options.ts';
import { adopt } from '../../transport/util/user-code.ts';
import type { ExtensionEvent } from '../extension-options.ts';
import type { HostNode } from '../node/host-node.ts';
import { nodeOf } from '../node/node-of.ts';
import { RequestDeadline } from '../rest/request-deadline.ts';
import type { ActionCaller, ActionHandler } from './action-handler.ts';
import type { ActionTable } from './action-table.ts';

/** What the execution of actions needs of its extension. */
export interface ActionExecutorOptions {
  readonly actions: ActionTable;
  /** Time for a handler, in milliseconds. */
  readonly timeoutMs: number;
  readonly nodes: () => readonly HostNode[];
  readonly emit: (event: ExtensionEvent) => void;
}

/** Runs the handlers of transport actions. */
export class ActionExecutor {
  readonly #options: ActionExecutorOptions;

  constructor(options: ActionExecutorOptions) {
    this.#options = options;
  }

  /** Answers the call of another extension. An unknown action is `success: false`, as nodes say it. @throws as {@link fromPlugin} */
  async fromExtension(message: ExtensionTransportMessage, context: ServerCallContext) {
    const handler = this.#options.actions.find(message.action);
    if (handler === undefined) return { success: false, responseBytes: Buffer.from(unknown(message.action), 'utf8') };
    return { success: true, responseBytes: await this.#run(handler, message, context, 'extension') };
  }

  /** Answers the call of a plug-in. @throws StatusError 404 for an unknown action, 504 when the time of the handler is over, and what the handler throws */
  async fromPlugin(message: ExtensionTransportMessage, context: ServerCallContext) {
    const handler = this.#options.actions.find(message.action);
    if (handler === undefined) throw new StatusError(404, 'resource_not_found_exception', unknown(message.action));
    return { responseBytes: await this.#run(handler, message, context, 'plugin') };
  }

  async #run(
    handler: ActionHandler,
    { action, requestBytes }: ExtensionTransportMessage,
    context: ServerCallContext,
    origin: ActionCaller['origin'],
  ): Promise<Uint8Array> {
    const { timeoutMs, emit, nodes } = this.#options;
    const { channel, headers } = context;
    const deadline = new RequestDeadline(timeoutMs, channel.ended);
    const node = nodeOf(nodes(), context);
    const from: ActionCaller = {
      action,
      origin,
      node,
      headers,
      get signal() {
        return deadline.signal;
      },
    };
    const promised = promise(() => handler(requestBytes, from));
    try {
      const answer = await deadline.race(promised);
      if (!types.isUint8Array(answer))
        throw new TypeError(`the handler of ${shortened(action)} must return bytes, got ${describeType(answer)}`);
      return answer;
    } catch (error) {
      const isTimeout = deadline.timeout !== null && error === deadline.timeout;
      if (isTimeout) void tellLate(promised, (late) => emit({ type: 'actionFailed', action, error: late, isLate: true }));
      if (isTimeout || !(error instanceof StatusError)) emit({ type: 'actionFailed', action, error, isLate: false });
      throw error;
    }
  }
}

/** Calls a function of the user. A `then` that is a getter, and may throw, is asked within. */
function promise(call: () => unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    adopt(Promise.resolve().then(call), resolve, reject);
  });
}

/** A handler whose caller has been answered can reach the listeners only. An error that says that its signal fired is not told. */
async function tellLate(promised: Promise<unknown>, tell: (error: unknown) => void): Promise<void> {
  try {
    await promised;
  } catch (error) {
    if (!(error instanceof StatusError)) tell(error);
  }
}

function unknown(action: string): string {
  return `the extension has no action ${shortened(action)}`;
}
