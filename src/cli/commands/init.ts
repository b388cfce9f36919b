import { basename, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { UsageError } from '../../protocol/error/transport-error.ts';
import type { Context } from '../context.ts';
import { writeTemplate } from '../init/template.ts';

interface Options {
  readonly javascript?: true;
  readonly name?: string;
  readonly package?: string;
}

/** Names that are a name of an npm package and a part of a URL alike. */
const NAME = /^[a-z0-9][a-z0-9-]{0,99}$/;

/** `ostp init`: a new extension from a template. */
export function initCommand({ stdout }: Context): Command {
  return new Command('init')
    .summary('write a new extension, with a test, into a folder')
    .description('Writes an extension with three routes and a test into a new folder. Its test runs without Java.')
    .argument('<folder>', 'a new or an empty folder')
    .option('--javascript', 'plain JavaScript instead of TypeScript')
    .option('--name <name>', 'name and unique id of the extension (default: the name of the folder)')
    .option('--package <spec>', 'where npm finds opensearch-transport: a version or file:PATH (default: this copy of it)')
    .action(async (folder: string, options: Options) => {
      const name = options.name ?? basename(resolve(folder)).toLowerCase();
      if (!NAME.test(name)) {
        const advice = options.name === undefined ? '; give another one with --name' : '';
        throw new UsageError('ERR_USAGE', {}, `the name must be 1 to 100 lower-case letters, digits and hyphens, got '${name}'${advice}`);
      }
      const language = options.javascript ? 'javascript' : 'typescript';
      const files = await writeTemplate(folder, language, { name, package: options.package ?? ownFolder(folder) });
      await stdout.print(
        `wrote ${files.length} files into ${folder}: ${files.join(', ')}\n\nNext:\n  cd ${folder}\n  npm install && npm test\n  npm run dev`,
      );
    });
}

/** This copy of the package, for npm: as seen from the new folder, so that both can be moved together. */
function ownFolder(folder: string): string {
  const own = fileURLToPath(new URL('../../../', import.meta.url));
  return `file:${relative(resolve(folder), own).split(sep).join('/')}`;
}
