import { CommanderError } from 'commander';
import { ERROR_CODES, type ErrorCode } from '../protocol/error/codes.ts';
import { RemoteError } from '../protocol/error/remote-error.ts';
import { DeadlineError, TransportError } from '../protocol/error/transport-error.ts';
import type { Paint } from '../inspect/render/paint.ts';
import { printable } from '../inspect/render/printable.ts';

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

/** What to do, in the words of the command line where those of the library speak of code. */
const REMEDIES: Partial<Record<ErrorCode, string>> = {
  ERR_USAGE: 'See `ostp COMMAND --help`; `ostp actions` lists the actions, `ostp actions NAME` shows the fields of one.',
  ERR_CONNECTION_LOST: 'The request may have been carried out: look before you repeat it.',
  ERR_DEADLINE: 'Give it more time, or find out why the node is slow.',
  ERR_DIAL: 'For something to talk to: `ostp serve` here, or a genuine node with `ostp node --real 3.9.0`.',
  ERR_ENVIRONMENT: 'Put right what the message names: install a JDK or Maven, set JAVA_HOME, or change an option.',
  ERR_REMOTE: 'The node refused or failed the request; `ostp call --rest` shows its whole answer where the action has a REST form.',
};

/** A REST port takes what it is sent for the beginning of a request and waits for the rest. */
const NOBODY_SHOOK_HANDS =
  'Check that this is the transport port (9300) of a node: an HTTP port (9200) takes the connection and stays silent. A short --timeout may be too short.';

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
  const { code, message } = error;
  if (error instanceof DeadlineError && (error.phase === 'dial' || error.phase === 'handshake'))
    return { exit: EXIT.unreachable, code, message, remedy: NOBODY_SHOOK_HANDS };
  const { exit, remedy } = ERROR_CODES[code];
  const remote = error instanceof RemoteError ? { remote: { type: error.remoteType, status: error.status } } : {};
  return { exit, code, message, remedy: REMEDIES[code] ?? remedy, ...remote };
}

function isSystemCode(error: Error): error is Error & { code: string } {
  return 'code' in error && typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code);
}

/** `error [CODE]: message`, then what to do about it. */
export function failureText({ code, message, remedy, remote }: Failure, paint: Paint): string {
  const status = remote === undefined ? '' : ` (status ${remote.status})`;
  const first = `${paint('red', `error [${code}]:`)} ${printable(message)}${status}`;
  return remedy === undefined ? first : `${first}\n${paint('dim', remedy)}`;
}

/** The same as one JSON object. */
export function failureJson({ code, message, remedy, remote }: Failure): string {
  return JSON.stringify({ error: { code, message, ...(remedy !== undefined && { remedy }), ...remote } });
}
