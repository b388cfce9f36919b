import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A machine made of shell scripts in a temporary folder: what it has is what a test puts there. */
export interface FakeMachine extends AsyncDisposable {
  readonly root: string;
  /** Nothing of the true machine is found with these. */
  readonly surroundings: { readonly env: Record<string, string>; readonly jdkFolders: readonly string[]; readonly cacheDir: string };
  /** Adds `jdks/NAME/bin/java`, which tells `version` (or fails) and otherwise runs `body`; returns its home. */
  addJdk(name: string, version: string | null, body?: string): Promise<string>;
  /** Adds `bin/mvn`, which notes its arguments and runs `body` in the folder of its pom. */
  addMaven(body: string): Promise<void>;
  /** The arguments of every run of Maven so far. */
  mavenRuns(): Promise<string[]>;
  /** Adds empty files and returns their paths. */
  addJars(...names: string[]): Promise<string[]>;
}

/** Makes an empty machine. */
export async function fakeMachine(): Promise<FakeMachine> {
  const root = await mkdtemp(join(tmpdir(), 'fake-machine-'));
  const at = (...parts: string[]) => join(root, ...parts);
  await Promise.all(['bin', 'jdks', 'cache', 'jars'].map((folder) => mkdir(at(folder))));
  const script = async (path: string, body: string) => {
    await writeFile(path, `#!/bin/sh\n${body}\n`);
    await chmod(path, 0o755);
  };
  return {
    root,
    surroundings: { env: { PATH: at('bin') }, jdkFolders: [at('jdks')], cacheDir: at('cache') },
    async addJdk(name, version, body = 'exit 0') {
      await mkdir(at('jdks', name, 'bin'), { recursive: true });
      const tell =
        version === null ? 'echo "Module jdk.compiler not found"; exit 1' : `echo 'openjdk version "${version}" 2025-01-01' >&2; exit 0`;
      await script(at('jdks', name, 'bin', 'java'), `for word in "$@"; do if [ "$word" = -version ]; then ${tell}; fi; done\n${body}`);
      return at('jdks', name);
    },
    addMaven: (body) => script(at('bin', 'mvn'), `echo "$@" >> ${at('runs')}\n${body}`),
    mavenRuns: async () => (await readFile(at('runs'), 'utf8').catch(() => '')).split('\n').filter((line) => line !== ''),
    async addJars(...names) {
      const paths = names.map((name) => at('jars', name));
      await Promise.all(paths.map((path) => writeFile(path, '')));
      return paths;
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}
