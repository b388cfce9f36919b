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
import { EXIT } from '../failure.ts';
import { port } from '../option-values.ts';
import { warnOfCertificate } from '../own-certificate.ts';
import { serverLogLine } from '../server-log.ts';

interface Options {
  readonly host: string;
  readonly name: string;
  readonly cluster: string;
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
  readonly verbose?: true;
  readonly json?: true;
}

/** `ostp serve`: an example server. */
export function serveCommand(context: Context): Command {
  return new Command('serve')
    .summary('run an example server: handshakes, main, liveness and demo:echo')
    .description(
      'Serves handshakes, cluster:monitor/main, cluster:monitor/nodes/liveness and demo:echo until Ctrl-C or SIGTERM, then waits up to ' +
        '2 seconds for calls in flight and exits with 0.',
    )
    .argument('[port]', 'port to listen on, 0 for any free one', port, DEFAULT_TRANSPORT_PORT)
    .option('--host <address>', 'address to bind', '127.0.0.1')
    .option('--name <name>', 'name of the node', 'example')
    .option('--cluster <name>', 'name of its cluster', 'example')
    .option('--cert <file>', 'use TLS with this certificate (PEM)')
    .option('--key <file>', 'private key of --cert (PEM)')
    .option('--ca <file>', 'require a client certificate issued by one of these authorities (PEM)')
    .option('--verbose', 'log connections and failures to standard error, with time and level')
    .option('--json', 'print the address as JSON, and the log as one JSON object per line')
    .action((wanted: number, options: Options) => serve(context, wanted, options));
}

/** Time for calls in flight when the server is stopped. */
const DRAIN_MS = 2_000;

async function serve(context: Context, wanted: number, options: Options): Promise<void> {
  const { host, name, cluster, verbose = false, json = false } = options;
  const log = (event: ServerEvent): void => void context.stderr.print(serverLogLine(event, new Date(), json)).catch(() => {});
  await using server = createExampleServer({
    carrier: await listeningCarrier(context, options),
    nodeName: name,
    clusterName: cluster,
    ...(verbose && { onEvent: log }),
  });
  const endpoint = await server.listen({ host, port: wanted });
  const { actions } = server;
  const text = `listening on ${formatEndpoint(endpoint)}: ${actions.join(', ')}\nPress Ctrl-C to stop.`;
  await context.stdout.print(json ? JSON.stringify({ ...endpoint, actions }) : text);
  await context.interrupted;
  await server.close({ drainMs: DRAIN_MS });
  context.exit(EXIT.ok);
}

async function listeningCarrier(context: Context, { cert, key, ca }: Options): Promise<Carrier> {
  if (cert === undefined && key === undefined) {
    if (ca !== undefined) throw new UsageError('ERR_CONFIG', {}, '--ca needs --cert and --key');
    return tcp();
  }
  if (cert === undefined || key === undefined) throw new UsageError('ERR_CONFIG', {}, '--cert and --key must be given together');
  const own = { cert: await readOption('--cert', cert), key: await readOption('--key', key) };
  await warnOfCertificate(context, '--cert', own.cert, new Date());
  return tls(ca === undefined ? own : { ...own, ca: await readOption('--ca', ca), mutual: true });
}
