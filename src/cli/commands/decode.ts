import { Command } from 'commander';
import type { Context } from '../context.ts';
import { printCapture } from '../print-capture.ts';
import { openInput } from '../decode-input.ts';
import { EXIT } from '../failure.ts';
import { actionsByName, knownAction } from '../known-actions.ts';
import { port } from '../option-values.ts';
import { choosePaint } from '../paint.ts';
import { tellWaiting } from '../waiting.ts';

interface Options {
  readonly port?: number;
  readonly action?: string;
  readonly json?: true;
  readonly full?: true;
  readonly brief?: true;
  readonly color: boolean;
}

/** `ostp decode`: bytes to messages. */
export function decodeCommand(context: Context): Command {
  return new Command('decode')
    .summary('decode frames: from a capture (pcap, pcapng), a file, hex or standard input')
    .description(
      'Decodes transport frames with the offset and bytes of every field. Takes packet captures (pcap, pcapng, also gzipped), files of frames, ' +
        'and hex in any usual form. Responses are decoded by the action of their request; what is not in the catalogue is shown as it is.',
    )
    .argument('[input]', 'file, hex, or - for standard input', '-')
    .option('--port <port>', 'only connections from or to this port of a capture', port)
    .option('--action <name>', 'action of responses whose request is not there')
    .option('--json', 'one JSON object per message')
    .option('--brief', 'one line per message')
    .option('--full', 'show long values and dumps whole')
    .option('--no-color', 'no colours')
    .addHelpText('after', '\nExits with 1 when a frame or a body is broken, or nothing was found.')
    .action(async (input: string, options: Options) => {
      const { stdin, stdout, stderr, env, signal } = context;
      const { json = false, full = false, brief = false } = options;
      const assumedAction = options.action === undefined ? null : knownAction(options.action).name;
      const paint = choosePaint({ allowed: options.color && !json, isTerminal: stdout.isTerminal, env });
      if (input === '-') await tellWaiting(context, 'hex');
      const opened = await openInput(input, stdin);
      const found = await printCapture(
        opened,
        { port: options.port, actions: actionsByName, assumedAction, json, full, brief, paint, signal },
        stdout,
        stderr,
      );
      if (found.problems > 0 || found.messages + found.pings === 0) context.exit(EXIT.failed);
    });
}
