import { CommanderError } from 'commander';
import { ERROR_CODES, type ErrorCode } from '../protocol/error/codes.ts';
import { RemoteError } from '../protocol/error/remote-error.ts';
import { TransportError } from '../protocol/error/transport-error.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';

/** Exit codes of the command line. @see errors.md */
export const EXIT = { ok: 0, failed: 1, usage: 2, unreachable: 3, local: 4, interrupted: 130 } as const;

/** What went wrong, as the user is told. */
export interface Failure {
  readonly exit: number;
  /** A code of this package, or the system's (`ENOENT`). */
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
  /** What a remote exception says besides. */
  readonly remote?: { readonly type: string; readonly status: number };
}

/** Sorts any error a command may throw. */
export function toFailure(error: unknown): Failure {
  if (error instanceof TransportError) return fromTransportError(error);
  if (error instanceof CommanderError) {
    return {
      exit: EXIT.usage,
      code: 'ERR_USAGE',
      message: error.message.replace(/^error: /, ''),
      remedy: 'See `ostp --help` or `ostp COMMAND --help`.',
    };
  }
  if (error instanceof Error && isSystemCode(error))
    return { exit: EXIT.local, code: error.code, message: error.message.replace(`${error.code}: `, '') };
  return { exit: EXIT.local, code: 'ERR_INTERNAL', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

function fromTransportError(error: TransportError): Failure {
  const { exit, remedy } = ERROR_CODES[error.code as ErrorCode];
  const remote = error instanceof RemoteError ? { remote: { type: error.remoteType, status: error.status } } : {};
  return { exit, code: error.code, message: error.message, remedy, ...remote };
}

function isSystemCode(error: Error): error is Error & { code: string } {
  return 'code' in error && typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code);
}

/** `error [CODE]: message`, then what to do about it. */
export function failureText({ code, message, remedy }: Failure, paint: Paint): string {
  const first = `${paint('red', `error [${code}]:`)} ${printable(message)}`;
  return remedy === undefined ? first : `${first}\n${paint('dim', remedy)}`;
}

/** The same as one JSON object. */
export function failureJson({ code, message, remedy, remote }: Failure): string {
  return JSON.stringify({ error: { code, message, ...(remedy !== undefined && { remedy }), ...remote } });
}
