import { PassThrough, Readable } from 'node:stream';
import { main } from '../../../src/cli/main.ts';

/** What a run of `ostp` left behind. */
export interface Run {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run that goes on. */
export interface Running {
  readonly done: Promise<Run>;
  /** What was printed so far. */
  readonly printed: () => string;
  /** Resolves with the output once it contains a text. */
  readonly until: (text: string) => Promise<string>;
  /** Resolves with the first group of a pattern once standard error matches it. */
  readonly untilNoticed: (pattern: RegExp) => Promise<string>;
  /** Ctrl-C. */
  readonly interrupt: () => void;
}

interface RunOptions {
  readonly stdin?: string | Buffer | Readable;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts `ostp` inside this process. */
export function start(args: readonly string[], { stdin = '', env = {} }: RunOptions = {}): Running {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const interruption = new AbortController();
  const printed = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  stdout.on('data', (chunk: Buffer) => {
    printed.stdout += chunk.toString('utf8');
    for (const look of waiting) look();
  });
  stderr.on('data', (chunk: Buffer) => {
    printed.stderr += chunk.toString('utf8');
    for (const look of waiting) look();
  });
  const input = stdin instanceof Readable ? stdin : Readable.from([Buffer.from(stdin)]);
  const exit = main(args, { stdin: input, stdout, stderr, env, signal: interruption.signal });
  const until = (text: string): Promise<string> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!printed.stdout.includes(text)) return;
        waiting.delete(look);
        resolve(printed.stdout);
      };
      waiting.add(look);
      look();
    });
  const untilNoticed = (pattern: RegExp): Promise<string> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = pattern.exec(printed.stderr)?.[1];
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return {
    done: exit.then((code) => ({ exit: code, ...printed })),
    printed: () => printed.stdout,
    until,
    untilNoticed,
    interrupt: () => interruption.abort(),
  };
}

/** Runs `ostp` to its end. */
export function run(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return start(args, options).done;
}
