import { Command } from 'commander';
import { eventJson } from '../../inspect/render/event-json.ts';
import { eventText } from '../../inspect/render/event-text.ts';
import { observingProxy } from '../../inspect/tap/observing-proxy.ts';
import type { ConversationEvent } from '../../inspect/conversation/conversation-event.ts';
import { oneLine } from '../../protocol/error/printable.ts';
import { formatEndpoint, parseEndpoint } from '../../transport/carrier/endpoint.ts';
import { tcp } from '../../transport/carrier/tcp.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../failure.ts';
import { actionsByName } from '../known-actions.ts';
import { LiveOutput } from '../live-output.ts';
import { port } from '../option-values.ts';
import { choosePaint } from '../paint.ts';

interface Options {
  readonly port: number;
  readonly host: string;
  readonly json?: true;
  readonly full?: true;
  readonly brief?: true;
  readonly color: boolean;
}

/** `ostp inspect`: a proxy that shows what passes. */
export function inspectCommand(context: Context): Command {
  return new Command('inspect')
    .summary('pass connections on to a node or an extension, and print every frame, decoded')
    .description(
      'Listens on a port, passes every connection on to the target, and prints the frames of both directions until Ctrl-C. To watch an extension, let it ' +
        'listen on another port, and give the node the port of this proxy when you initialise it.',
    )
    .argument('<target>', 'host:port of the node or the extension')
    .option('--port <port>', 'port to listen on, 0 for any free one', port, 0)
    .option('--host <address>', 'address to bind', '127.0.0.1')
    .option('--json', 'one JSON object per line')
    .option('--brief', 'one line per message')
    .option('--full', 'show long values and dumps whole; with --json, add every field with its offsets')
    .option('--no-color', 'no colours')
    .action((target: string, options: Options) => inspect(context, target, options));
}

async function inspect(context: Context, target: string, options: Options): Promise<void> {
  const { stdout, stderr, env } = context;
  const { json = false, full = false, brief = false } = options;
  const paint = choosePaint({ allowed: options.color && !json, isTerminal: stdout.isTerminal, env });
  const output = new LiveOutput(stdout, stderr);
  const show = (event: ConversationEvent): void =>
    output.print(json ? eventJson(event, { withFields: full }) : `${eventText(event, { paint, full, brief })}${brief ? '' : '\n'}`);
  const proxy = await observingProxy({
    carrier: tcp(),
    listen: { host: options.host, port: options.port },
    target: parseEndpoint(target),
    actions: actionsByName,
    onEvent: show,
    onError: (error, connection) => void stderr.print(`connection ${connection}: ${oneLine(error.message)}`).catch(() => {}),
  });
  try {
    await stderr.print(`passing ${formatEndpoint(proxy.endpoint)} on to ${target}; press Ctrl-C to stop`);
    await Promise.race([context.interrupted, output.failed]);
  } finally {
    await proxy.close();
    await output.close();
  }
  context.exit(EXIT.ok);
}
