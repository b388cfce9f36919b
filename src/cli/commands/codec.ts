import { Command } from 'commander';
import type { Context } from '../context.ts';
import { tellWaiting } from '../waiting.ts';

/** `ostp codec`: the codec port. */
export function codecCommand(context: Context): Command {
  return new Command('codec')
    .summary('serve the codecs: JSON lines over standard input and output')
    .description(
      'Serves the codec port: one JSON object a line in, one out, in order, until the input ends. {"op":"ping"} lists the types.',
    )
    .action(async () => {
      const [{ servePort }, { portRegistry }] = await Promise.all([
        import('../codec-port/serve-port.ts'),
        import('../../inspect/codec-port/port-registry.ts'),
      ]);
      await tellWaiting(context, 'requests');
      await servePort(context.stdin, context.stdout.stream, portRegistry).catch((error: unknown) => {
        throw context.stdout.failure ?? error;
      });
    });
}
