import { StatusError } from '../../error/status-error.ts';

/** Returns the refusal of a setting's value: status 400, `illegal_argument_exception`. */
export function settingRefusal(reason: string, cause?: unknown): StatusError {
  return new StatusError(400, 'illegal_argument_exception', reason, cause === undefined ? {} : { cause });
}
