import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const DEADLINE_MS = 5 * 60_000;
const WINDOWS = process.platform === 'win32';

/** An empty project as `npm init -y` makes it, in a scratch folder. */
export class Project {
  constructor(folder) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    this.run('npm', ['init', '-y']);
  }

  /** Runs a command in the project and returns what it printed to both outputs. Throws an Error with that text when it fails. */
  run(command, args) {
    try {
      const options = {
        cwd: this.folder,
        encoding: 'utf8',
        timeout: DEADLINE_MS,
        stdio: ['ignore', 'pipe', 'pipe'],
        shell: WINDOWS && command === 'npm',
      };
      return execFileSync(command, args, options);
    } catch (error) {
      throw new Error(`${command} ${args.join(' ')} failed:\n${error.stdout ?? ''}${error.stderr ?? error.message}`, { cause: error });
    }
  }

  /** Installs packages and returns npm's warnings. */
  install(...packages) {
    const log = join(this.folder, 'install.log');
    this.run('sh', ['-c', `npm install --no-audit --no-fund "$@" 2> "${log}"`, 'sh', ...packages]);
    return readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => /warn/i.test(line));
  }

  write(name, text) {
    writeFileSync(join(this.folder, name), text);
    return join(this.folder, name);
  }

  path(...names) {
    return join(this.folder, ...names);
  }
}
