import { EnvironmentError } from '../../protocol/error/transport-error.ts';
import { oneLine } from '../../protocol/error/printable.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../failure.ts';

/** Options of `ostp node --real`. */
export interface GenuineNodeOptions {
  readonly real: string;
  readonly prepare?: true;
  readonly offline?: true;
  readonly setting?: Readonly<Record<string, string>>;
  readonly httpPort?: number;
  readonly transportPort?: number;
  readonly verbose?: true;
  readonly json?: true;
}

/** Starts a genuine OpenSearch and keeps it running until Ctrl-C, or only downloads it. */
export async function runGenuineNode(context: Context, options: GenuineNodeOptions): Promise<void> {
  const onLog = options.verbose ? (line: string) => void context.stderr.print(oneLine(line)).catch(() => {}) : undefined;
  const common = { version: options.real, offline: options.offline ?? false, env: context.env, signal: context.signal, onLog };
  await (options.prepare ? prepare(context, common) : run(context, common, options));
}

type Common = { readonly version: string; readonly offline: boolean } & Pick<Context, 'env' | 'signal'> & {
    onLog: ((line: string) => void) | undefined;
  };

async function prepare({ stdout }: Context, common: Common): Promise<void> {
  const { prepareRealNode } = await import('../../realnode/artefacts.ts');
  const { version, jars } = await prepareRealNode(common);
  await stdout.print(`OpenSearch ${version} is ready to start: ${jars.length} jars`);
}

async function run(context: Context, common: Common, options: GenuineNodeOptions): Promise<void> {
  const [{ startRealNode }, { parseRelease }] = await Promise.all([
    import('../../realnode/real-node.ts'),
    import('../../realnode/release.ts'),
  ]);
  const release = parseRelease(common.version);
  if (!options.json)
    await context.stderr.print(
      `starting OpenSearch ${release.version}; the first start downloads it with Maven${options.verbose ? '' : '; --verbose shows the logs of Maven and of the node'}`,
    );
  const { httpPort = 0, transportPort = 0 } = options;
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
