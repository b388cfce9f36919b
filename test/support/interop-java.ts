import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { prepareRealNode, requireJdk } from '../../src/realnode/artefacts.ts';
import { parseRelease } from '../../src/realnode/release.ts';

const FOLDER = new URL('../interop/java/', import.meta.url);

/** The programs that run on the classes of a release. @see test/interop/java */
export type JavaProgram = 'RandomValues' | 'Queries';

/** What a program prints for one line: which members there are depends on the program and the command. */
export interface JavaAnswer {
  readonly error?: string;
  readonly versions?: readonly number[];
  readonly hex?: string;
  readonly value?: unknown;
  readonly rest?: number;
  readonly json?: string;
  readonly type?: string;
  readonly status?: number;
  readonly reason?: string;
}

/** The classes of a release, which write and read values. */
export interface JavaClasses {
  /** One line of the program, one answer. @throws Error when it says `error`, or is gone */
  readonly ask: (...words: readonly (string | number)[]) => Promise<JavaAnswer>;
  /** Resolves when the program has ended. */
  readonly close: () => Promise<void>;
}

/** Starts a program with the jars of a release, all of them on this machine already. */
export async function startJavaClasses(version: string, program: JavaProgram = 'RandomValues'): Promise<JavaClasses> {
  const options = { version, offline: true };
  const [{ jars }, jdk] = await Promise.all([prepareRealNode(options), requireJdk(parseRelease(version), options)]);
  const args = [
    '-Xmx512m',
    '-XX:+UseSerialGC',
    '--add-opens',
    'java.base/java.lang=ALL-UNNAMED',
    '-cp',
    jars.join(':'),
    fileURLToPath(new URL(`${program}.java`, FOLDER)),
  ];
  const child = spawn(jdk.java, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = once(child, 'exit');
  const waiting: ((answer: JavaAnswer) => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.(JSON.parse(line) as JavaAnswer));
  child.on('exit', () => {
    for (const each of waiting.splice(0)) each({ error: 'the program ended' });
  });
  child.stdin.on('error', () => {});
  return {
    ask: async (...words) => {
      const answer = await new Promise<JavaAnswer>((resolve) => {
        waiting.push(resolve);
        child.stdin.write(`${words.join(' ')}\n`);
      });
      if (answer.error !== undefined) throw new Error(`${words.join(' ').slice(0, 200)}: ${answer.error}`);
      return answer;
    },
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
