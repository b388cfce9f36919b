import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { actionsCommand } from './commands/actions.ts';
import { callCommand } from './commands/call.ts';
import { codecCommand } from './commands/codec.ts';
import { decodeCommand } from './commands/decode.ts';
import { demoCommand } from './commands/demo.ts';
import { devCommand } from './commands/dev.ts';
import { doctorCommand } from './commands/doctor.ts';
import { encodeCommand } from './commands/encode.ts';
import { helpCommand } from './commands/help.ts';
import { initCommand } from './commands/init.ts';
import { inspectCommand } from './commands/inspect.ts';
import { nodeCommand } from './commands/node.ts';
import { pingCommand } from './commands/ping.ts';
import { registerCommand } from './commands/register.ts';
import { serveCommand } from './commands/serve.ts';
import type { Context } from './context.ts';

const COMMANDS = [
  devCommand,
  initCommand,
  registerCommand,
  doctorCommand,
  callCommand,
  pingCommand,
  decodeCommand,
  encodeCommand,
  inspectCommand,
  actionsCommand,
  serveCommand,
  nodeCommand,
  codecCommand,
  demoCommand,
  helpCommand,
];

const EPILOGUE = `
Exit codes: 0 success, also of a server that is stopped by Ctrl-C or SIGTERM
            1 the call failed, or something did not decode · 2 wrong usage or configuration
            3 peer unreachable, handshake or version refused · 4 local error
            130 interrupted by Ctrl-C · 143 terminated by SIGTERM`;

/** The command line `ostp`, to be parsed. Errors are thrown, not printed. */
export function createProgram(context: Context): Command {
  const program = new Command('ostp')
    .description('The OpenSearch binary transport protocol on the command line.')
    .version(packageVersion(), '-V, --version', 'print the version of this package')
    .helpCommand(false)
    .addHelpText('after', EPILOGUE)
    // Options of the program stand before the command, so that a command may have a --version of its own.
    .enablePositionalOptions();
  for (const command of COMMANDS) program.addCommand(command(context));
  for (const command of [program, ...program.commands]) prepare(command, context);
  return program;
}

/** Help goes to our output; errors are thrown, and told in one place. */
function prepare(command: Command, { stdout }: Context): void {
  command
    .exitOverride()
    .configureOutput({ writeOut: (text) => void stdout.write(text), writeErr: () => {}, outputError: () => {} })
    .allowExcessArguments(false);
}

function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}
