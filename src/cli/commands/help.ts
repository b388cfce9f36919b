import { Command } from 'commander';
import { closestName } from '../../protocol/error/closest-name.ts';
import { UsageError } from '../../protocol/error/transport-error.ts';

/** `ostp help`: the help of the program, or of one of its commands. */
export function helpCommand(): Command {
  const help = new Command('help')
    .summary('show the help of a command')
    .description('Shows the help of a command; without a name, the list of commands.')
    .argument('[command]', 'name of a command');
  return help.action((name: string | undefined) => {
    const program = help.parent as Command;
    if (name === undefined) {
      program.outputHelp();
      return;
    }
    const command = program.commands.find((each) => each.name() === name);
    if (command === undefined) throw unknownCommand(name, program);
    command.outputHelp();
  });
}

/** The error for a command that does not exist, with the closest name. */
function unknownCommand(name: string, program: Command): UsageError {
  const names = program.commands.map((command) => command.name());
  const closest = closestName(name, names);
  const advice = closest === undefined ? `expected one of ${names.join(', ')}` : `did you mean '${closest}'?`;
  return new UsageError('ERR_USAGE', {}, `unknown command '${name}', ${advice}`);
}
