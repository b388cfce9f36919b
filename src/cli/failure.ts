import { CommanderError } from 'commander';
import { closeNames } from '../protocol/error/closest-name.ts';
import { ERROR_CODES, type ErrorCode } from '../protocol/error/codes.ts';
import { RemoteError } from '../protocol/error/remote-error.ts';
import { DeadlineError, TransportError } from '../protocol/error/transport-error.ts';
import type { Paint } from '../inspect/render/paint.ts';
import { jsonLine, printable } from '../protocol/error/printable.ts';
import { Interruption } from './interruption.ts';

/** Exit codes of the command line. @see errors.md */
export const EXIT = { ok: 0, failed: 1, usage: 2, unreachable: 3, local: 4, interrupted: 130, terminated: 143 } as const;

/** Exit code of a command that a signal ended before it was done. @param reason of the abort */
export function interruptedExit(reason: unknown): number {
  return reason instanceof Interruption && reason.signal === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
}

/** An error as the user sees it. */
export interface Failure {
  readonly exit: number;
  /** A code of this package, or the system's (`ENOENT`). */
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
  /** Details of a remote exception. */
  readonly remote?: { readonly type: string; readonly status: number };
}

const USAGE_REMEDY = 'See `ostp help` and `ostp help COMMAND`; `ostp actions NAME` shows the fields of an action.';

/** What to do, in the words of the command line where those of the library speak of code. */
const REMEDIES: Partial<Record<ErrorCode, string>> = {
  ERR_USAGE: USAGE_REMEDY,
  ERR_CONNECTION_LOST: 'The node may have carried out the request: check before you repeat it.',
  ERR_DEADLINE: 'Give the call more time (--timeout), or find out why the node is slow.',
  ERR_DIAL:
    'Check host and port, and that the node is running. For a server to try: `ostp serve`, or a genuine node with `ostp node --real 3.9.0`.',
  ERR_ENVIRONMENT: 'Fix what the message names: install a JDK or Maven, set JAVA_HOME, or change an option.',
  ERR_REMOTE: 'The node refused the request or failed. `ostp call --rest` shows its whole answer if the action has a REST form.',
};

/** A REST port takes a handshake for the beginning of a request and waits for the rest. */
const NO_HANDSHAKE =
  'Check that this is the transport port (9300) of a node: an HTTP port (9200) accepts the connection and does not answer. Or give it more time with --timeout.';

/** Sorts any error a command may throw. */
export function toFailure(error: unknown): Failure {
  if (error instanceof TransportError) return fromTransportError(error);
  if (error instanceof CommanderError) {
    return {
      exit: EXIT.usage,
      code: 'ERR_USAGE',
      message: usageText(error.message),
      remedy: USAGE_REMEDY,
    };
  }
  if (error instanceof Error && isSystemCode(error))
    return { exit: EXIT.local, code: error.code, message: error.message.replace(`${error.code}: `, '') };
  return { exit: EXIT.local, code: 'ERR_INTERNAL', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

/** Returns a text of commander in our form. Suggests the names that it lists only if they are close to the typed one: it also lists ones that are not. */
function usageText(text: string): string {
  const [, problem = '', names = ''] = /^(?:error: )?(.*?)(?:\n\(Did you mean (?:one of )?(.*)\?\))?$/s.exec(text) ?? [];
  const typed = /^unknown (?:option|command) '(.*)'$/s.exec(problem)?.[1];
  if (typed === undefined) return problem;
  const near = closeNames(bare(typed), names.split(', ').map(bare)).map((name) => `'${prefix(typed)}${name}'`);
  if (near.length > 0) return `${problem}, did you mean ${near.join(' or ')}?`;
  return typed.startsWith('-') ? `${problem}; \`ostp COMMAND --help\` lists the options` : problem;
}

/** Without the dashes: they would make every two options look alike. */
function bare(name: string): string {
  return name.replace(/^-+/, '');
}

function prefix(name: string): string {
  return /^-*/.exec(name)?.[0] ?? '';
}

function fromTransportError(error: TransportError): Failure {
  const { code, message } = error;
  if (error instanceof DeadlineError && (error.phase === 'dial' || error.phase === 'handshake'))
    return { exit: EXIT.unreachable, code, message, remedy: NO_HANDSHAKE };
  const { exit, remedy } = ERROR_CODES[code];
  const remote = error instanceof RemoteError ? { remote: { type: error.remoteType, status: error.status } } : {};
  return { exit, code, message, remedy: REMEDIES[code] ?? remedy, ...remote };
}

function isSystemCode(error: Error): error is Error & { code: string } {
  return 'code' in error && typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code);
}

/** `error [CODE]: message`, then what to do about it. Further lines of a message are indented: they may be from a peer, and must not look like ours. */
export function failureText({ code, message, remedy, remote }: Failure, paint: Paint): string {
  const status = remote === undefined ? '' : ` (status ${remote.status})`;
  const first = `${paint('red', `error [${code}]:`)} ${printable(message).replaceAll('\n', '\n  ')}${status}`;
  return remedy === undefined ? first : `${first}\n${paint('dim', remedy)}`;
}

/** The same as one JSON object. */
export function failureJson({ code, message, remedy, remote }: Failure): string {
  return jsonLine({ error: { code, message, ...(remedy !== undefined && { remedy }), ...remote } });
}
