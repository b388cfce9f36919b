import { Command } from 'commander';
import type { Finding } from '../../extension/initialize/diagnose.ts';
import type { Paint, Style } from '../../inspect/render/paint.ts';
import { oneLine } from '../../protocol/error/printable.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../failure.ts';
import { port } from '../option-values.ts';
import { choosePaint } from '../paint.ts';
import { credentials } from '../rest-credentials.ts';

interface Options {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly json?: true;
  readonly color: boolean;
}

/** `ostp doctor`: what keeps a node from serving an extension. */
export function doctorCommand(context: Context): Command {
  return new Command('doctor')
    .summary('find out what keeps a node from serving an extension')
    .description(
      'Checks the node (reachable, release, extensions switched on, event loops), the port of the extension, and its unique id, and says what to do. Changes nothing.',
    )
    .argument('<url>', 'REST URL of the node, for example http://127.0.0.1:9200')
    .requiredOption('--id <id>', 'unique id of the extension')
    .option('--host <address>', 'address of the extension, as the node reaches it', '127.0.0.1')
    .option('--port <port>', 'port of the extension', port, 4500)
    .option('--user <name:password>', 'user of the REST API (default: the environment variable OSTP_USER)')
    .option('--json', 'print the findings as JSON')
    .option('--no-color', 'no colours')
    .addHelpText('after', '\nExits with 1 if a check finds a problem.')
    .action(async (url: string, { id, host, port: extensionPort, user, json, color }: Options) => {
      const { stdout, env, signal } = context;
      const { diagnose } = await import('../../extension/initialize/diagnose.ts');
      const findings = await diagnose({ url, uniqueId: id, host, port: extensionPort, signal, ...credentials(user, env) });
      const paint = choosePaint({ allowed: color && json !== true, isTerminal: stdout.isTerminal, env });
      await stdout.print(json ? JSON.stringify(findings) : findings.map((finding) => findingText(finding, paint)).join('\n'));
      if (findings.some(({ verdict }) => verdict === 'problem')) context.exit(EXIT.failed);
    });
}

const STYLES: Readonly<Record<Finding['verdict'], Style>> = { ok: 'green', warning: 'yellow', problem: 'red', unknown: 'dim' };

function findingText({ verdict, text, remedy }: Finding, paint: Paint): string {
  const advice = remedy === null ? '' : `\n         ${oneLine(remedy)}`;
  return `${paint(STYLES[verdict], verdict.padEnd(8))} ${oneLine(text)}${advice}`;
}
