import type { Readable } from 'node:stream';
import type { Output } from './output.ts';

/** What a command works with, instead of the process itself. */
export interface Context {
  readonly stdin: Readable;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Fires at Ctrl-C. */
  readonly signal: AbortSignal;
  /** Resolves when {@link signal} fires. */
  readonly interrupted: Promise<void>;
  /** Ends the program with this code, once the command is done. */
  exit(code: number): void;
}
