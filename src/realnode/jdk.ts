import { constants } from 'node:fs';
import { access, readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runCommand } from './command.ts';
import { throwIfCancelled } from './limited-wait.ts';
import { onWindows, pathFolders, type Surroundings, usualJdkFolders } from './surroundings.ts';

/** Time for a Java to print its version, in milliseconds. */
const VERSION_DEADLINE_MS = 15_000;
const JAVA = onWindows ? 'java.exe' : 'java';
/** Where `bin` lies below a child of a JDK folder: plain, in a macOS bundle, in a Homebrew keg. */
const HOMES_BELOW = ['', join('Contents', 'Home'), join('libexec', 'openjdk.jdk', 'Contents', 'Home')];

/** A Java that can run a source file, which takes the compiler module. */
export interface Jdk {
  /** The folder that JAVA_HOME would name. */
  readonly home: string;
  /** Path of the `java` program. */
  readonly java: string;
  /** As it calls itself, for example `17.0.15` or `25`. */
  readonly version: string;
  readonly major: number;
}

/** Options of {@link findJdk}. */
export interface FindJdkOptions extends Surroundings {
  /** Lowest acceptable major version, for example 21. */
  readonly atLeast: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds the lowest fitting JDK in JAVA_HOME, PATH and the usual folders, or undefined. Every candidate is asked for its version,
 * with a deadline; those that fail or lack the compiler do not count.
 *
 * @throws ERR_CANCELLED
 */
export async function findJdk(options: FindJdkOptions): Promise<Jdk | undefined> {
  const programs = await javaPrograms(options);
  const jdks = await Promise.all(programs.map((java) => askJdk(java, options)));
  throwIfCancelled(options.signal);
  return chooseJdk(
    jdks.filter((jdk) => jdk !== undefined),
    options.atLeast,
  );
}

/** Returns the lowest version that fits; of equal ones the first, so JAVA_HOME comes before PATH and PATH before the folders. */
export function chooseJdk(jdks: readonly Jdk[], atLeast: number): Jdk | undefined {
  let best: Jdk | undefined;
  for (const jdk of jdks) {
    if (jdk.major >= atLeast && (best === undefined || jdk.major < best.major)) best = jdk;
  }
  return best;
}

/** Reads what `java -version` prints: `openjdk version "17.0.15" 2025-04-15`, `java version "1.8.0_412"`, `openjdk version "25"`. */
export function parseJavaVersion(output: string): { version: string; major: number } | undefined {
  const version = /version "([^"]{1,100})"/.exec(output)?.[1];
  const [, first, second] = /^(\d{1,4})(?:\.(\d{1,4}))?/.exec(version ?? '') ?? [];
  if (version === undefined || first === undefined) return undefined;
  // Up to Java 8 the major version is the number after "1.".
  return { version, major: first === '1' && second !== undefined ? Number(second) : Number(first) };
}

/** Returns every `java` program that is found, each once, links resolved. */
async function javaPrograms({ env = process.env, jdkFolders }: Surroundings): Promise<string[]> {
  const home = env['JAVA_HOME'];
  const paths = home === undefined || home === '' ? [] : [join(home, 'bin', JAVA)];
  for (const folder of pathFolders(env)) paths.push(join(folder, JAVA));
  for (const folder of jdkFolders ?? usualJdkFolders(env)) {
    const children = await readdir(folder).catch(() => []);
    for (const child of children.toSorted((a, b) => (a < b ? -1 : 1))) {
      for (const below of HOMES_BELOW) paths.push(join(folder, child, below, 'bin', JAVA));
    }
  }
  const found = await Promise.all(paths.map(runnable));
  return [...new Set(found.filter((path) => path !== undefined))];
}

/** Returns the real path of an executable program, or undefined. */
async function runnable(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.X_OK);
    return await realpath(path);
  } catch {
    return undefined;
  }
}

async function askJdk(java: string, { env = process.env, signal }: FindJdkOptions): Promise<Jdk | undefined> {
  try {
    // The module is named so that a Java without compiler, or older than 9, fails here and not when a node is started.
    const args = ['--add-modules', 'jdk.compiler', '-version'];
    const { code, output } = await runCommand(java, args, { env, signal, timeoutMs: VERSION_DEADLINE_MS, what: `${java} -version` });
    const version = code === 0 ? parseJavaVersion(output.text(Infinity)) : undefined;
    return version && { home: dirname(dirname(java)), java, ...version };
  } catch {
    return undefined;
  }
}
