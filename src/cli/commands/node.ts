import { Command } from 'commander';
import { EnvironmentError } from '../../protocol/error/transport-error.ts';
import { oneLine } from '../../protocol/error/printable.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../failure.ts';
import { keyValue, port } from '../option-values.ts';

interface Options {
  readonly real: string;
  readonly prepare?: true;
  readonly offline?: true;
  readonly setting?: Readonly<Record<string, string>>;
  readonly httpPort: number;
  readonly transportPort: number;
  readonly verbose?: true;
  readonly json?: true;
}

/** `ostp node`: a genuine OpenSearch. */
export function nodeCommand(context: Context): Command {
  return new Command('node')
    .summary('start a genuine OpenSearch node (needs Java and, once, Maven)')
    .description(
      'Starts a genuine OpenSearch node on loopback from its Maven artefacts and keeps it running until Ctrl-C or SIGTERM. Its data is then deleted. --verbose shows the logs of Maven and of the node.',
    )
    .requiredOption('--real <version>', 'OpenSearch release, for example 3.9.0')
    .option('--prepare', 'only download the artefacts, so that later starts need no network')
    .option('--offline', 'use only artefacts that are on this machine')
    .option('--setting <key=value>', 'line of opensearch.yml; may be repeated', keyValue)
    .option('--http-port <port>', 'port of the REST API, 0 for any free one', port, 0)
    .option('--transport-port <port>', 'port of the transport, 0 for any free one', port, 0)
    .option('--verbose', 'show the logs of Maven and of the node')
    .option('--json', 'print its addresses as JSON')
    .action(async (options: Options) => {
      const onLog = options.verbose ? (line: string) => void context.stderr.print(oneLine(line)).catch(() => {}) : undefined;
      const common = { version: options.real, offline: options.offline ?? false, env: context.env, signal: context.signal, onLog };
      await (options.prepare ? prepare(context, common) : run(context, common, options));
    });
}

type Common = { readonly version: string; readonly offline: boolean } & Pick<Context, 'env' | 'signal'> & {
    onLog: ((line: string) => void) | undefined;
  };

async function prepare({ stdout }: Context, common: Common): Promise<void> {
  const { prepareRealNode } = await import('../../realnode/artefacts.ts');
  const { version, jars } = await prepareRealNode(common);
  await stdout.print(`OpenSearch ${version} is ready to start: ${jars.length} jars`);
}

async function run(context: Context, common: Common, options: Options): Promise<void> {
  const [{ startRealNode }, { parseRelease }] = await Promise.all([
    import('../../realnode/real-node.ts'),
    import('../../realnode/release.ts'),
  ]);
  const release = parseRelease(common.version);
  if (!options.json)
    await context.stderr.print(
      `starting OpenSearch ${release.version}; the first start downloads it with Maven${options.verbose ? '' : '; --verbose shows the logs of Maven and of the node'}`,
    );
  const { httpPort, transportPort } = options;
  await using node = await startRealNode({ ...common, httpPort, transportPort, settings: settingsOf(options.setting ?? {}) });
  const { version, nodeName, clusterName, httpUrl, transportAddress, pid } = node;
  await context.stdout.print(
    options.json
      ? JSON.stringify({ version, nodeName, clusterName, httpUrl, transportAddress, pid })
      : `OpenSearch ${version} is ready\n  transport  ${transportAddress}\n  REST       ${httpUrl}\nPress Ctrl-C to stop.`,
  );
  await Promise.race([node.gone, context.interrupted]);
  if (context.signal.aborted) context.exit(EXIT.ok);
  else
    throw new EnvironmentError('ERR_ENVIRONMENT', {}, `the node exited. The end of the node's log:\n${node.logs().slice(-25).join('\n')}`);
}

/** Values as YAML has them: true, false and numbers are not text. */
function settingsOf(given: Readonly<Record<string, string>>): Record<string, string | number | boolean> {
  return Object.fromEntries(Object.entries(given).map(([key, text]) => [key, scalar(text)]));
}

function scalar(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?(?:0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
}
