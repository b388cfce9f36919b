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
      'Decodes transport frames and shows the offset and bytes of every field. Reads packet captures (pcap, pcapng), files of frames and hex text ' +
        '(plain, xxd, hexdump -C, od -t x1), also gzipped. A response is decoded by the action of its request; an action that is not in the catalogue is shown as bytes.',
    )
    .argument('[input]', 'file, hex, or - for standard input', '-')
    .option('--port <port>', 'only connections from or to this port (captures)', port)
    .option('--action <name>', 'action of responses whose request is not in the input')
    .option('--json', 'one JSON object per line: messages, pings, gaps, skipped bytes')
    .option('--brief', 'one line per message')
    .option('--full', 'show long values and dumps whole; with --json, add every field with its offsets')
    .option('--no-color', 'no colours')
    .addHelpText('after', '\nExits with 1 if a frame or a body does not decode, or if the input holds no frame.')
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
