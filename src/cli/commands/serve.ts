import { Command } from 'commander';
import { UsageError } from '../../protocol/error/transport-error.ts';
import { DEFAULT_TRANSPORT_PORT, formatEndpoint } from '../../transport/carrier/endpoint.ts';
import type { Carrier } from '../../transport/carrier/link.ts';
import { tcp } from '../../transport/carrier/tcp.ts';
import { tls } from '../../transport/carrier/tls.ts';
import type { ServerEvent } from '../../transport/server/server-options.ts';
import { readOption } from '../connect-options.ts';
import type { Context } from '../context.ts';
import { createExampleServer } from '../demo/example-server.ts';
import { port } from '../option-values.ts';

interface Options {
  readonly host: string;
  readonly name: string;
  readonly cluster: string;
  readonly cert?: string;
  readonly key?: string;
  readonly verbose?: true;
  readonly json?: true;
}

/** `ostp serve`: an example server. */
export function serveCommand(context: Context): Command {
  return new Command('serve')
    .summary('run an example server: handshakes, main, liveness and demo:echo')
    .description('Serves handshakes, cluster:monitor/main, cluster:monitor/nodes/liveness and demo:echo until Ctrl-C.')
    .argument('[port]', 'port to listen on, 0 for any free one', port, DEFAULT_TRANSPORT_PORT)
    .option('--host <address>', 'address to bind', '127.0.0.1')
    .option('--name <name>', 'name of the node', 'example')
    .option('--cluster <name>', 'name of its cluster', 'example')
    .option('--cert <file>', 'speak TLS with this certificate, PEM')
    .option('--key <file>', 'the key of the certificate, PEM')
    .option('--verbose', 'tell of connections and failures')
    .option('--json', 'print the address as JSON')
    .action(async (wanted: number, options: Options) => {
      const { host, name, cluster, verbose, json } = options;
      const tell = verbose ? (event: ServerEvent): void => void context.stderr.print(eventText(event)).catch(() => {}) : () => {};
      await using server = createExampleServer({
        carrier: await listeningCarrier(options),
        nodeName: name,
        clusterName: cluster,
        onEvent: tell,
      });
      const endpoint = await server.listen({ host, port: wanted });
      const { actions } = server;
      await context.stdout.print(
        json
          ? JSON.stringify({ ...endpoint, actions })
          : `listening on ${formatEndpoint(endpoint)}: ${actions.join(', ')}\nCtrl-C ends it.`,
      );
      await context.interrupted;
      await server.close({ drainMs: DRAIN_MS });
    });
}

/** Time for calls under way at Ctrl-C. */
const DRAIN_MS = 2_000;

async function listeningCarrier({ cert, key }: Options): Promise<Carrier> {
  if (cert === undefined && key === undefined) return tcp();
  if (cert === undefined || key === undefined) throw new UsageError('ERR_CONFIG', {}, '--cert and --key go together');
  return tls({ cert: await readOption('--cert', cert), key: await readOption('--key', key) });
}

function eventText(event: ServerEvent): string {
  if (event.type === 'handlerFailed') return `${event.action} failed: ${String(event.error)}`;
  const error = event.type === 'channelOpened' || event.error === null ? '' : `: ${event.error.message}`;
  return `${event.type}${event.remote === null ? '' : ` ${formatEndpoint(event.remote)}`}${error}`;
}
