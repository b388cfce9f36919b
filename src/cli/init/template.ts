import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../protocol/error/transport-error.ts';

const TEMPLATES = new URL('../../../templates/', import.meta.url);

/** Names that npm does not take along in a package, as they are in the template. */
const RENAMED: Readonly<Record<string, string>> = { gitignore: '.gitignore' };

/** Languages for which there is a template. */
export type TemplateLanguage = 'typescript' | 'javascript';

/** What the files of a template are filled with. */
export interface TemplateValues {
  /** Name of the package, which is also the unique id of the extension. */
  readonly name: string;
  /** Where npm finds this package: a version, or `file:` and a path. */
  readonly package: string;
}

/**
 * Writes the files of a template into a folder, which is made if it is missing.
 *
 * @returns the names of the files written
 * @throws ERR_USAGE if the folder has files already, or is a file
 */
export async function writeTemplate(folder: string, language: TemplateLanguage, values: TemplateValues): Promise<string[]> {
  await checkEmpty(folder);
  const source = new URL(`${language}/`, TEMPLATES);
  const names = (await readdir(source)).sort();
  const written = names.map((name) => RENAMED[name] ?? name);
  await mkdir(folder, { recursive: true });
  for (const [i, name] of names.entries()) {
    const text = await readFile(new URL(name, source), 'utf8');
    const filled = text.replaceAll('{{name}}', values.name).replaceAll('{{package}}', values.package);
    await writeFile(join(folder, written[i] as string), filled, { flag: 'wx' });
  }
  return written;
}

async function checkEmpty(folder: string): Promise<void> {
  let present: string[];
  try {
    present = await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    if (code === 'ENOTDIR') throw new UsageError('ERR_USAGE', {}, `'${folder}' is a file, expected the name of a new folder`);
    throw error;
  }
  if (present.length === 0) return;
  throw new UsageError('ERR_USAGE', {}, `the folder '${folder}' is not empty, expected a new or an empty one; nothing was written`);
}
