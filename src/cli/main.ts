import type { Readable } from 'node:stream';
import { CommanderError } from 'commander';
import type { Context } from './context.ts';
import { EXIT, failureJson, failureText, interruptedExit, toFailure } from './failure.ts';
import { Output, OutputClosed, type OutputStream } from './output.ts';
import { choosePaint } from './paint.ts';
import { createProgram } from './program.ts';

/** The surroundings of a run. */
export interface Surroundings {
  readonly stdin: Readable;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Fires at Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}

/**
 * Runs one command of `ostp`.
 *
 * @param args the arguments after `ostp`
 * @returns the exit code
 * @throws nothing
 */
export async function main(args: readonly string[], { stdin, stdout, stderr, env, signal }: Surroundings): Promise<number> {
  let exit: number | null = null;
  const interrupted = new Promise<void>((resolve) => {
    const interrupt = (): void => {
      // A command that reads it would wait for ever.
      stdin.destroy();
      resolve();
    };
    if (signal.aborted) interrupt();
    else signal.addEventListener('abort', interrupt, { once: true });
  });
  const context: Context = {
    stdin,
    stdout: new Output(stdout),
    stderr: new Output(stderr),
    env,
    signal,
    interrupted,
    exit: (code) => {
      exit = code;
    },
  };
  try {
    await createProgram(context).parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' });
  } catch (error) {
    exit = await endWith(error, args, context);
  }
  await Promise.all([context.stdout.flush(), context.stderr.flush()]);
  return exit ?? (signal.aborted ? interruptedExit(signal.reason) : EXIT.ok);
}

async function endWith(error: unknown, args: readonly string[], { stderr, env, signal }: Context): Promise<number | null> {
  if (error instanceof OutputClosed) return EXIT.ok;
  if (signal.aborted) return null;
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
  const failure = toFailure(error);
  const asJson = args.includes('--json');
  const paint = choosePaint({ allowed: !args.includes('--no-color'), isTerminal: stderr.isTerminal, env });
  await stderr.print(asJson ? failureJson(failure) : failureText(failure, paint)).catch(() => {});
  return failure.exit;
}
