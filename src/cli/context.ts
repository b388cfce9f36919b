import type { Readable } from 'node:stream';
import type { Output } from './output.ts';

/** The surroundings of a command, instead of the process itself. */
export interface Context {
  readonly stdin: Readable;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Fires at Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Resolves when {@link signal} fires. */
  readonly interrupted: Promise<void>;
  /** Sets the exit code for when the command is done. Without it: 0, or 130 and 143 after Ctrl-C and SIGTERM. */
  exit(code: number): void;
}
