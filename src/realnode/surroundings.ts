import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Places where Java, Maven and the cache are looked for. Every option has a default; tests and unusual machines set them. */
export interface Surroundings {
  /** Environment variables searched and handed on to Maven and Java. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Folders whose children are Java homes. @default the usual ones of the platform, `/usr/lib/jvm` and the like */
  readonly jdkFolders?: readonly string[];
  /** Folder of the resolved class paths, one child per version. @default `$XDG_CACHE_HOME/opensearch-transport` or `~/.cache/opensearch-transport` */
  readonly cacheDir?: string;
}

export const onWindows = process.platform === 'win32';

/** Returns the folders of PATH, in order. */
export function pathFolders(env: Readonly<Record<string, string | undefined>>): string[] {
  return (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => folder !== '');
}

/** Returns the cache folder of one version. */
export function cacheFolder(version: string, { env = process.env, cacheDir }: Surroundings): string {
  const xdg = env['XDG_CACHE_HOME'];
  const base = xdg === undefined || xdg === '' ? join(homedir(), '.cache') : xdg;
  return join(cacheDir ?? join(base, 'opensearch-transport'), version);
}

/** Returns the folders whose children are Java homes on this platform. */
export function usualJdkFolders(env: Readonly<Record<string, string | undefined>>): string[] {
  const own = [join(homedir(), '.sdkman', 'candidates', 'java'), join(homedir(), '.jdks')];
  if (process.platform === 'darwin') {
    const machines = join('Library', 'Java', 'JavaVirtualMachines');
    return [join('/', machines), join(homedir(), machines), '/opt/homebrew/opt', '/usr/local/opt', ...own];
  }
  if (onWindows) {
    const programs = env['ProgramFiles'] ?? 'C:\\Program Files';
    return [...['Java', 'Eclipse Adoptium', 'Microsoft', 'Zulu', 'Amazon Corretto'].map((vendor) => join(programs, vendor)), ...own];
  }
  return ['/usr/lib/jvm', '/usr/java', '/opt/java', ...own];
}
