import type { DevNode } from '../../devnode/dev-node.ts';
import type { DevNodeEvent, DevNodeOptions } from '../../devnode/dev-node-options.ts';
import { TransportError } from '../../protocol/error/transport-error.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../failure.ts';
import { LiveOutput } from '../live-output.ts';
import { requestLine } from './request-line.ts';
import { choosePaint } from '../paint.ts';

/** Options of `ostp node` without `--real`. */
export interface DevelopmentNodeOptions {
  readonly version?: string;
  readonly host: string;
  readonly httpPort?: number;
  readonly transportPort?: number;
  readonly verbose?: true;
  readonly json?: true;
  readonly color: boolean;
}

/** Ports that are taken if they are free and the user asks for no other. */
const USUAL_PORTS = { httpPort: 9200, transportPort: 9300 } as const;

/** Releases that stand for their line. */
const SHORT_VERSIONS: Readonly<Record<string, string>> = { '2': '2.19.6', '2.19': '2.19.6', '3': '3.9.0', '3.9': '3.9.0' };

/** What the node is, for its start. */
const NOTICE = 'development node, written in Node.js: not a database, its data ends with it';

/** Starts a development node and keeps it running until Ctrl-C. */
export async function runDevelopmentNode(context: Context, options: DevelopmentNodeOptions): Promise<void> {
  const { stdout, stderr, env } = context;
  const { json = false, verbose = false } = options;
  const paint = choosePaint({ allowed: options.color && !json, isTerminal: stderr.isTerminal, env });
  const log = new LiveOutput(stderr, stderr);
  const onEvent = (event: DevNodeEvent): void => {
    if (verbose && event.type === 'request') log.print(requestLine(event, new Date(), paint));
  };
  await using node = await startDevelopmentNode({ ...options, onEvent });
  const { version, httpUrl, address } = node;
  await stdout.print(
    json
      ? JSON.stringify({ version, httpUrl, transportAddress: address })
      : `OpenSearch ${version} (${NOTICE})\n  transport  ${address}\n  REST       ${httpUrl}\nPress Ctrl-C to stop.`,
  );
  await Promise.race([context.interrupted, log.failed]);
  context.exit(EXIT.ok);
}

/** How {@link startDevelopmentNode} starts a node. A port that is not given is the usual one, or any free one where that is taken. */
type StartOptions = Pick<DevNodeOptions, 'onEvent'> & Partial<Omit<DevelopmentNodeOptions, 'verbose' | 'json' | 'color'>>;

/** @throws ERR_CONFIG for a version that is not 2.x or 3.x; ERR_ADDRESS_IN_USE for a port that was asked for */
export async function startDevelopmentNode(options: StartOptions): Promise<DevNode> {
  const { devNode } = await import('../../devnode/dev-node.ts');
  const { version = '3.9', host = '127.0.0.1', onEvent } = options;
  const common = { version: SHORT_VERSIONS[version] ?? version, host, ...(onEvent === undefined ? {} : { onEvent }) };
  const { httpPort = USUAL_PORTS.httpPort, transportPort = USUAL_PORTS.transportPort } = options;
  try {
    return await devNode({ ...common, httpPort, transportPort });
  } catch (error) {
    const isChosen = options.httpPort !== undefined && options.transportPort !== undefined;
    if (isChosen || !(error instanceof TransportError) || error.code !== 'ERR_ADDRESS_IN_USE') throw error;
  }
  return devNode({ ...common, httpPort: options.httpPort ?? 0, transportPort: options.transportPort ?? 0 });
}
