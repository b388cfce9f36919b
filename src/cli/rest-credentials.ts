import { UsageError } from '../protocol/error/transport-error.ts';
import type { Context } from './context.ts';

/** Variable of the environment with the user of a REST API: a password in the arguments is seen by every user of the machine. */
const VARIABLE = 'OSTP_USER';

/** Returns the user of a REST API as the option or the environment says. @throws ERR_USAGE for a text without a colon */
export function credentials(
  option: string | undefined,
  env: Context['env'],
): { readonly auth?: { readonly username: string; readonly password: string } } {
  const text = option ?? env[VARIABLE];
  if (text === undefined || text === '') return {};
  const at = text.indexOf(':');
  // The text is not shown: it may be a password.
  if (at < 1) throw new UsageError('ERR_USAGE', {}, `${option === undefined ? VARIABLE : '--user'} must be name:password`);
  return { auth: { username: text.slice(0, at), password: text.slice(at + 1) } };
}
