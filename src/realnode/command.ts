import { LineSplitter, LogTail } from './log-lines.ts';
import { withinLimits } from './limited-wait.ts';
import { signalGroup, spawnGroup } from './process-group.ts';

/** Lines of output a finished command keeps. */
const TAIL_LINES = 200;

/** Options of {@link runCommand}. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds until the command is killed. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: ((line: string) => void) | undefined;
  /** Name of the command in the error of a deadline. */
  readonly what: string;
}

/** A command that came to its end. */
export interface CommandResult {
  /** Exit code; null if a signal ended the command. */
  readonly code: number | null;
  /** The newest lines of both its streams. */
  readonly output: LogTail;
}

/**
 * Runs a program to its end and collects its output on both streams.
 *
 * @throws ERR_DEADLINE and ERR_CANCELLED, after killing it; the error of `spawn` when there is no such program
 */
export function runCommand(program: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return withinLimits(
    options,
    (signal) =>
      new Promise((resolve, reject) => {
        const output = new LogTail(TAIL_LINES);
        const child = spawnGroup(program, args, { cwd: options.cwd, env: { ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] });
        const kill = () => signalGroup(child, 'SIGKILL');
        signal.addEventListener('abort', kill, { once: true });
        for (const stream of [child.stdout, child.stderr]) {
          const splitter = new LineSplitter((line) => {
            if (line.trim() === '') return;
            output.push(line);
            options.onLine?.(line);
          });
          stream?.setEncoding('utf8').on('data', (text: string) => splitter.push(text));
          stream?.on('end', () => splitter.end());
        }
        child.on('error', reject);
        child.on('close', (code) => resolve({ code, output }));
      }),
  );
}
