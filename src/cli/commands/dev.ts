import { Command } from 'commander';
import type { Context } from '../context.ts';
import { EXIT } from '../failure.ts';
import { LiveOutput } from '../live-output.ts';
import { port } from '../option-values.ts';
import { choosePaint } from '../paint.ts';

interface Options {
  readonly id?: string;
  readonly version?: string;
  readonly port?: number;
  readonly httpPort?: number;
  readonly transportPort?: number;
  readonly once?: true;
  readonly color: boolean;
}

/** `ostp dev`: an extension, a development node, and a new start whenever a file is saved. */
export function devCommand(context: Context): Command {
  return new Command('dev')
    .summary('run an extension with a development node, and reload it when a file is saved')
    .description(
      'Starts a development node and the extension of a file, initialises it, prints addresses to try, and logs every request. When the file, or another one in ' +
        'its folder, is saved, the extension is started anew; no request is lost meanwhile. TypeScript is compiled with esbuild.',
    )
    .argument('<file>', 'JavaScript or TypeScript file that makes an extension and calls its listen()')
    .option('--id <id>', 'unique id of the extension (default: the name of the file or of its folder)')
    .option('--port <port>', 'port of the extension, 0 for any free one (default: as its file says)', port)
    .option('--version <version>', 'release whose behaviour the node has: 2.19, 3.9, or one of 2.x and 3.x', '3.9')
    .option('--http-port <port>', 'port of the REST API, 0 for any free one (default: 9200 if it is free)', port)
    .option('--transport-port <port>', 'port of the transport, 0 for any free one (default: 9300 if it is free)', port)
    .option('--once', 'ask for the first route of method GET, print the answer, and end')
    .option('--no-color', 'no colours')
    .action((file: string, options: Options) => dev(context, file, options));
}

async function dev(context: Context, file: string, { once, color, ...options }: Options): Promise<void> {
  const { stdout, stderr, env, signal } = context;
  const { DevSession } = await import('../dev/dev-session.ts');
  const output = new LiveOutput(stdout, stderr);
  const paint = choosePaint({ allowed: color, isTerminal: stdout.isTerminal, env });
  try {
    await using session = await DevSession.start({ ...options, once: once === true, file, paint, output, signal });
    await session.initialize();
    await session.firstAnswer({ isNeeded: once === true });
    if (once) return;
    output.print('Press Ctrl-C to stop.');
    await Promise.race([context.interrupted, output.failed]);
    context.exit(EXIT.ok);
  } catch (error) {
    if (!signal.aborted) throw error;
    context.exit(EXIT.ok);
  } finally {
    await output.close();
  }
}
