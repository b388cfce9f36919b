import { unknown } from './arguments.ts';
import { libraryNames } from './libraries/registry.ts';
import { nodeClientNames } from './nodes/registry.ts';
import { parseOptions, type RunOptions, USAGE } from './options.ts';
import { peerNames } from './peers/registry.ts';
import { print, progress } from './report/say.ts';

/** Exit code of a command line that cannot be understood. */
const USAGE_ERROR = 2;

/**
 * Reads the command line of a run and ends the process where there is nothing to run: after `--help`, or with an error text for an unknown name. Loads no
 * package of a peer, so it can go before their installation.
 */
export function optionsOrExit(args: readonly string[]): RunOptions {
  try {
    const options = parseOptions(args);
    if (options === null) {
      print(USAGE);
      return process.exit(0);
    }
    checkContenders(options.only);
    return options;
  } catch (error) {
    progress(`${error instanceof Error ? error.message : String(error)}\n\nUsage: npm run bench -- --help`);
    return process.exit(USAGE_ERROR);
  }
}

/** A part runs those of them that it has. */
function checkContenders(names: readonly string[]): void {
  const known = [...new Set([...peerNames, ...libraryNames, ...nodeClientNames])];
  for (const name of names) if (!known.includes(name)) throw new Error(unknown('contender', name, known));
}
