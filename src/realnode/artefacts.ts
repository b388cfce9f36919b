import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import { EnvironmentError } from '../protocol/error/transport-error.ts';
import {
  checkOptions,
  isBoolean,
  isFunction,
  isListOf,
  isName,
  isSignal,
  isText,
  must,
  type OptionChecks,
  required,
} from '../transport/util/check-options.ts';
import { isolated } from '../transport/util/listeners.ts';
import { runCommand } from './command.ts';
import { findJdk, type Jdk } from './jdk.ts';
import { findMaven, pomOf } from './maven.ts';
import { parseRelease, type Release } from './release.ts';
import { cacheFolder, type Surroundings } from './surroundings.ts';

/** Milliseconds for one run of Maven; the first one downloads some hundred megabytes. */
const MAVEN_DEADLINE_MS = 600_000;
const CLASS_PATH_FILE = 'classpath.txt';

/** Options of {@link prepareRealNode}. */
export interface PrepareOptions extends Surroundings {
  /** A release as Maven writes it, for example `3.9.0`. */
  readonly version: string;
  /** Use only what Maven has in its local repository. @default false */
  readonly offline?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Called with each line of Maven's output. What it throws becomes a process warning. */
  readonly onLog?: ((line: string) => void) | undefined;
}

/** The checks of {@link PrepareOptions}. The version is read by `parseRelease`. */
export const PREPARE_CHECKS: OptionChecks<PrepareOptions> = {
  version: required(isText),
  offline: isBoolean,
  signal: isSignal,
  onLog: isFunction,
  env: must('an object of environment variables', (value) => typeof value === 'object' && value !== null),
  jdkFolders: isListOf('an array of folders', isText),
  cacheDir: isName,
};

/** The artefacts of one release, all on this machine. */
export interface PreparedNode {
  readonly version: string;
  /** Absolute paths of the jars, in class path order. */
  readonly jars: readonly string[];
}

/**
 * Resolves the artefacts of a release with Maven and remembers the class path, so that later starts need no Maven and no network.
 * Maven does not run if the remembered class path is complete.
 *
 * @throws ERR_USAGE for a bad version; ERR_ENVIRONMENT when Java or Maven is missing or Maven fails (the message ends with what it said);
 *   ERR_CANCELLED; ERR_DEADLINE after 10 minutes
 */
export async function prepareRealNode(given: PrepareOptions): Promise<PreparedNode> {
  checkOptions('prepareRealNode()', given, PREPARE_CHECKS);
  const options = { ...given, onLog: isolated('onLog of prepareRealNode()', given.onLog) };
  const release = parseRelease(options.version);
  const jars = await cachedJars(release, options);
  if (jars !== undefined) return { version: release.version, jars };
  const jdk = await requireJdk(release, options);
  return { version: release.version, jars: await resolveJars(release, jdk, options) };
}

/** The JDK for a release. @throws ERR_ENVIRONMENT when there is none */
export async function requireJdk(release: Release, options: PrepareOptions): Promise<Jdk> {
  const jdk = await findJdk({ ...options, atLeast: release.javaAtLeast });
  if (jdk === undefined) throw new EnvironmentError('ERR_ENVIRONMENT', {}, `OpenSearch ${release.version} cannot start: ${noJdk(release)}`);
  return jdk;
}

/** Returns the text for a missing JDK. */
export function noJdk(release: Release): string {
  return `no JDK ${release.javaAtLeast} or later was found; install one, or set JAVA_HOME`;
}

/** Returns the remembered class path of a release, or undefined if there is none or one of its jars is missing. */
export async function cachedJars(release: Release, surroundings: Surroundings): Promise<string[] | undefined> {
  try {
    const jars = splitClassPath(await readFile(join(cacheFolder(release.version, surroundings), CLASS_PATH_FILE), 'utf8'));
    await Promise.all(jars.map((jar) => access(jar)));
    return jars.length === 0 ? undefined : jars;
  } catch {
    return undefined;
  }
}

async function resolveJars(release: Release, jdk: Jdk, options: PrepareOptions): Promise<string[]> {
  const mvn = await findMaven(options);
  if (mvn === undefined) {
    throw new EnvironmentError(
      'ERR_ENVIRONMENT',
      {},
      `OpenSearch ${release.version} cannot be resolved: no Maven found, put mvn on the PATH or set MAVEN_HOME`,
    );
  }
  const cache = cacheFolder(release.version, options);
  await mkdir(cache, { recursive: true });
  // A folder of its own and a rename at the end: two processes may resolve the same release at once.
  const folder = await mkdtemp(join(cache, 'resolve-'));
  try {
    const run = (dependencies: readonly string[]) => buildClassPath(mvn, folder, dependencies, jdk, options);
    const server = [`org.opensearch:opensearch:${release.version}`, `org.opensearch.plugin:transport-netty4-client:${release.version}`];
    options.onLog?.(`resolving OpenSearch ${release.version} with ${mvn}`);
    // log4j-core is optional in OpenSearch's pom, yet a node needs the one that belongs to its log4j-api.
    const log4j = log4jVersion(await run(server));
    const jars = await run([...server, `org.apache.logging.log4j:log4j-core:${log4j}`]);
    await rename(join(folder, CLASS_PATH_FILE), join(cache, CLASS_PATH_FILE));
    return jars;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function buildClassPath(
  mvn: string,
  folder: string,
  dependencies: readonly string[],
  jdk: Jdk,
  options: PrepareOptions,
): Promise<string[]> {
  await writeFile(join(folder, 'pom.xml'), pomOf(dependencies));
  const args = [
    ...(options.offline === true ? ['-o'] : []),
    '-q',
    '-B',
    '-Dstyle.color=never',
    'dependency:build-classpath',
    `-Dmdep.outputFile=${CLASS_PATH_FILE}`,
  ];
  const { code, output } = await runCommand(mvn, args, {
    cwd: folder,
    env: await mavenEnv(options.env ?? process.env, jdk),
    timeoutMs: MAVEN_DEADLINE_MS,
    signal: options.signal,
    onLine: options.onLog,
    what: `Maven to resolve ${dependencies[0]}`,
  });
  if (code !== 0) throw mavenFailed(options, output.text(15));
  return splitClassPath(await readFile(join(folder, CLASS_PATH_FILE), 'utf8'));
}

function mavenFailed({ version, offline }: PrepareOptions, output: string): EnvironmentError {
  const hint =
    offline === true
      ? 'it was told to stay offline: resolve the artefacts once while online'
      : 'check that the version exists and that Maven reaches its repository';
  const said = output.trim() === '' ? ' Maven printed no message.' : ` Maven said:\n${output}`;
  return new EnvironmentError('ERR_ENVIRONMENT', {}, `Maven could not resolve OpenSearch ${version}; ${hint}.${said}`);
}

/** Maven keeps the Java it was set up with, because its trust store may matter. Only if it would find none, it gets the JDK of the node. */
async function mavenEnv(
  env: Readonly<Record<string, string | undefined>>,
  jdk: Jdk,
): Promise<Readonly<Record<string, string | undefined>>> {
  if (env['JAVA_HOME'] !== undefined && env['JAVA_HOME'] !== '') return env;
  const found = await findJdk({ env, jdkFolders: [], atLeast: 8 });
  return found === undefined ? { ...env, JAVA_HOME: jdk.home } : env;
}

function log4jVersion(jars: readonly string[]): string {
  for (const jar of jars) {
    const version = /^log4j-api-([0-9A-Za-z.-]{1,40})\.jar$/.exec(basename(jar))?.[1];
    if (version !== undefined) return version;
  }
  throw new EnvironmentError(
    'ERR_ENVIRONMENT',
    {},
    'the resolved class path has no log4j-api, so these are not the artefacts of an OpenSearch server',
  );
}

function splitClassPath(text: string): string[] {
  return text
    .trim()
    .split(delimiter)
    .filter((jar) => jar !== '');
}
