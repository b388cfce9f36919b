import { liveness } from '../../protocol/action/cluster/liveness.ts';
import { main } from '../../protocol/action/cluster/main.ts';
import type { AnyAction, RequestOf } from '../../protocol/action/define-action.ts';
import { defineAction } from '../../protocol/action/define-action.ts';
import { empty } from '../../protocol/codec/primitives.ts';
import { RemoteError } from '../../protocol/error/remote-error.ts';
import { formatEndpoint } from '../../transport/carrier/endpoint.ts';
import { tcp } from '../../transport/carrier/tcp.ts';
import { type Client, createClient } from '../../transport/client/client.ts';
import type { Server } from '../../transport/server/server.ts';
import type { ConversationEvent } from '../../inspect/conversation/conversation-event.ts';
import { eventText } from '../../inspect/render/event-text.ts';
import type { Output } from '../output.ts';
import type { Paint } from '../../inspect/render/paint.ts';
import { observedCarrier } from '../../inspect/tap/observed-carrier.ts';
import { actionsByName } from '../known-actions.ts';
import { echo } from './echo.ts';
import { createExampleServer } from './example-server.ts';

/** An action without a handler, to show how a node answers it. */
const unknown = defineAction({ name: 'demo:unknown', request: empty, response: empty, summary: 'An action no server has' });

/** What became of one call. */
interface Outcome {
  readonly action: string;
  readonly result: string;
  readonly ms: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

/** How a round is shown. */
interface RoundOptions {
  /** One line a frame instead of every field. */
  readonly brief: boolean;
  readonly signal: AbortSignal;
}

/** A server and a client on loopback, with real sockets, and everything that passes between them on the screen. */
export class Demo implements AsyncDisposable {
  /** Where the server listens. */
  readonly address: string;
  readonly #server: Server;
  readonly #client: Client;
  readonly #output: Output;
  readonly #paint: Paint;
  /** Frames that passed and are not printed yet. */
  #passed: ConversationEvent[];

  private constructor(server: Server, address: string, output: Output, paint: Paint) {
    this.address = address;
    this.#server = server;
    this.#output = output;
    this.#paint = paint;
    this.#passed = [];
    this.#client = createClient({
      nodes: [address],
      carrier: observedCarrier(tcp(), { actions: actionsByName }, (event) => this.#passed.push(event)),
    });
  }

  /** @throws what listening throws */
  static async start(output: Output, paint: Paint): Promise<Demo> {
    const server = createExampleServer({ nodeName: 'demo-node', clusterName: 'demo' });
    const address = formatEndpoint(await server.listen(0));
    await output.print(`${paint('bold', 'server')} demo-node listens on ${address}: ${server.actions.join(', ')}\n`);
    return new Demo(server, address, output, paint);
  }

  /** Calls every action once, then prints the summary. @throws what the calls throw, but what the server answers */
  async round(options: RoundOptions): Promise<void> {
    const text = 'Grüße über den Draht ';
    const outcomes = [
      await this.#step(main, {}, options),
      await this.#step(liveness, {}, options),
      await this.#step(echo, { text: text.trim() }, options),
      await this.#step(echo, { text: text.repeat(20) }, { ...options, compress: true }),
      await this.#step(unknown, {}, options),
    ];
    await this.#output.print(table(outcomes, this.#paint));
  }

  async #step<A extends AnyAction>(action: A, request: RequestOf<A>, options: RoundOptions & { compress?: boolean }): Promise<Outcome> {
    const { brief, signal, compress = false } = options;
    const began = performance.now();
    const result = await this.#client.call(action, request, { signal, compress, timeoutMs: 5_000 }).then(
      () => 'answered',
      (error: unknown) => {
        if (error instanceof RemoteError) return `${error.status} ${error.remoteType}`;
        throw error;
      },
    );
    const ms = performance.now() - began;
    const passed = this.#passed;
    this.#passed = [];
    for (const event of passed) {
      await this.#output.print(`${eventText(event, { paint: this.#paint, full: false, brief })}${brief ? '' : '\n'}`);
    }
    const bytes = (sent: boolean): number => sum(passed.filter(({ to }) => (to === this.address) === sent).map(sizeOf));
    return { action: `${action.name}${compress ? ' (compressed)' : ''}`, result, ms, sentBytes: bytes(true), receivedBytes: bytes(false) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.close({ drainMs: 1_000 });
    await this.#server.close({ drainMs: 1_000 });
  }
}

function sizeOf(event: ConversationEvent): number {
  return event.kind === 'gap' || event.kind === 'skipped' ? event.size : event.bytes.length;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** The first call has the handshakes with it. */
function table(outcomes: readonly Outcome[], paint: Paint): string {
  const rows = outcomes.map(({ action, result, ms, sentBytes, receivedBytes }) => [
    action,
    result,
    ms.toFixed(2),
    String(sentBytes),
    String(receivedBytes),
  ]);
  const head = ['action', 'result', 'ms', 'bytes sent', 'bytes received'];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [paint('bold', line(head)), ...rows.map(line)].join('\n');
}
