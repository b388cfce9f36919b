import type { AnyAction } from '../protocol/action/define-action.ts';
import { fromForm } from '../protocol/codec/json-form.ts';
import { UsageError } from '../protocol/error/transport-error.ts';
import { parseJson } from './json-input.ts';
import { withTimes } from './time-form.ts';

/** A request of an action from its JSON form as text; times may be `"5s"`. @throws ERR_USAGE, which names the field that is wrong and where the fields are told */
export function parseRequest(action: AnyAction, text: string): unknown {
  const form = parseJson(text, 'the request');
  try {
    return fromForm(action.request.schema, withTimes(action.request.schema, form));
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    throw new UsageError(cause.code, { cause }, `the request: ${cause.message}; \`ostp actions ${action.name}\` shows its fields`);
  }
}
