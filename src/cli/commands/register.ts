import { Command } from 'commander';
import { oneLine } from '../../protocol/error/printable.ts';
import type { Context } from '../context.ts';
import { port } from '../option-values.ts';
import { credentials } from '../rest-credentials.ts';

interface Options {
  readonly id: string;
  readonly name?: string;
  readonly host: string;
  readonly port: number;
  readonly user?: string;
}

/** `ostp register`: tells a node of an extension. */
export function registerCommand({ stdout, env, signal }: Context): Command {
  return new Command('register')
    .summary('make a node initialise an extension that runs')
    .description(
      'Asks a node to initialise an extension, and says what became of it: a node answers 202 before it even connects. ' +
        'An extension written with this package can do it by itself, with ext.initialize().',
    )
    .argument('<url>', 'REST URL of the node, for example http://127.0.0.1:9200')
    .requiredOption('--id <id>', 'unique id of the extension: its routes are below /_extensions/_ID')
    .option(
      '--name <name>',
      'name of the extension (default: its id); the Java and Python SDKs want the name that the extension has itself',
    )
    .option('--host <address>', 'address of the extension, as the node reaches it', '127.0.0.1')
    .option('--port <port>', 'port of the extension', port, 4500)
    .option('--user <name:password>', 'user of the REST API (default: the environment variable OSTP_USER)')
    .action(async (url: string, { id, name = id, host, port: extensionPort, user }: Options) => {
      const { registerWith } = await import('../../extension/initialize/register.ts');
      const node = await registerWith(url, {
        name,
        uniqueId: id,
        hostAddress: host,
        port: extensionPort,
        signal,
        ...credentials(user, env),
      });
      const result = node.isConfirmed ? 'knows the extension and has connected' : 'was asked; it does not tell whether it has connected';
      await stdout.print(
        `${oneLine(`${node.name} ${node.version}`)} ${result}\nits routes are below ${url.replace(/\/+$/, '')}/_extensions/_${id}`,
      );
    });
}
