import { Command } from 'commander';
import { UsageError } from '../../protocol/error/transport-error.ts';
import type { Context } from '../context.ts';
import { type DevelopmentNodeOptions, runDevelopmentNode } from '../nodes/development-node.ts';
import { type GenuineNodeOptions, runGenuineNode } from '../nodes/genuine-node.ts';
import { keyValue, port } from '../option-values.ts';

type Options = DevelopmentNodeOptions & Omit<GenuineNodeOptions, 'real'> & { readonly real?: string };

/** `ostp node`: a development node, or a genuine OpenSearch. */
export function nodeCommand(context: Context): Command {
  return new Command('node')
    .summary('start a development node, or a genuine OpenSearch node (--real)')
    .description(
      'Starts a development node: a stand-in for an OpenSearch node that needs no Java and is ready at once. It serves REST, extensions and the transport ' +
        'protocol until Ctrl-C or SIGTERM, and keeps nothing. With --real it starts a genuine OpenSearch node on loopback from its Maven artefacts instead; ' +
        'that needs Java and, once, Maven.',
    )
    .option('--version <version>', 'release whose behaviour the development node has: 2.19, 3.9, or one of 2.x and 3.x', '3.9')
    .option('--host <address>', 'address that the development node binds', '127.0.0.1')
    .option('--http-port <port>', 'port of the REST API, 0 for any free one (default: 9200 if it is free; any with --real)', port)
    .option('--transport-port <port>', 'port of the transport, 0 for any free one (default: 9300 if it is free; any with --real)', port)
    .option('--real <version>', 'start a genuine OpenSearch of this release, for example 3.9.0')
    .option('--prepare', 'with --real: only download the artefacts, so that later starts need no network')
    .option('--offline', 'with --real: use only artefacts that are on this machine')
    .option('--setting <key=value>', 'with --real: line of opensearch.yml; may be repeated', keyValue)
    .option('--verbose', 'log every request; with --real, the logs of Maven and of the node')
    .option('--json', 'print its addresses as JSON')
    .option('--no-color', 'no colours')
    .action(async (options: Options) => {
      const { real } = options;
      if (real !== undefined) return runGenuineNode(context, { ...options, real });
      const onlyReal = (['prepare', 'offline', 'setting'] as const).find((name) => options[name] !== undefined);
      if (onlyReal !== undefined) throw new UsageError('ERR_USAGE', {}, `--${onlyReal} needs --real, for example --real 3.9.0`);
      await runDevelopmentNode(context, options);
    });
}
