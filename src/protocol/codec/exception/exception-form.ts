import { UsageError } from '../../error/transport-error.ts';
import { MAX_EXCEPTION_DEPTH } from '../../wire/limits.ts';
import { fromForm, toForm } from '../json-form.ts';
import type { CustomSchema } from '../schema.ts';
import { type ExceptionExtra, type ExceptionInit, type ExceptionValue, isIncomplete } from './exception-value.ts';
import { type ExtraCodec, unreadExtra } from './extra-codec.ts';

type ExtraOf = (value: ExceptionInit) => ExtraCodec;

/**
 * Returns the schema of exceptions, whose JSON form is `{class, id, message, cause, stack, suppressed, headers, metadata, extra}`.
 *
 * @param extraOf returns the codec of the extra fields of an exception
 * @see codec-port.md "Value forms"
 */
export function exceptionSchema(extraOf: ExtraOf): CustomSchema {
  return {
    kind: 'custom',
    name: 'exception',
    toForm: (value: ExceptionValue | null) => exceptionToForm(value, extraOf),
    fromForm: (form) => exceptionFromForm(form, extraOf),
  };
}

function exceptionToForm(value: ExceptionValue | null, extraOf: ExtraOf): unknown {
  if (value === null) return null;
  return {
    ...value,
    cause: exceptionToForm(value.cause, extraOf),
    suppressed: value.suppressed.map((suppressed) => exceptionToForm(suppressed, extraOf)),
    extra: extraToForm(value, extraOf),
  };
}

/** The JSON form of the extra fields. Fields that were not read are missing; then there is `unread` or `problem`. */
function extraToForm(value: ExceptionValue, extraOf: ExtraOf): unknown {
  const { unread, problem, ...fields } = value.extra;
  const reached = !isIncomplete(value) || Object.keys(fields).length > 0;
  return {
    ...(reached ? (toForm(extraOf(value).schema, fields) as ExceptionExtra) : {}),
    ...(unread === undefined ? {} : (toForm(unreadExtra.schema, { unread }) as ExceptionExtra)),
    ...(problem === undefined ? {} : { problem }),
  };
}

function exceptionFromForm(form: unknown, extraOf: ExtraOf, depth: number = 1): ExceptionInit | null {
  if (form === null || form === undefined) return null;
  if (typeof form !== 'object')
    throw new UsageError('ERR_USAGE', {}, `expected an exception (an object with class or id), got ${typeof form}`);
  if (depth > MAX_EXCEPTION_DEPTH) throw new UsageError('ERR_USAGE', {}, `exceptions nested deeper than ${MAX_EXCEPTION_DEPTH}`);
  const init = form as ExceptionInit;
  const inner = (each: unknown) => exceptionFromForm(each, extraOf, depth + 1);
  return {
    ...init,
    cause: inner(init.cause),
    suppressed: (init.suppressed ?? []).map((each) => inner(each) as ExceptionInit),
    extra: extraFromForm(init, extraOf),
  };
}

function extraFromForm(init: ExceptionInit, extraOf: ExtraOf): ExceptionExtra {
  const { unread, ...fields } = init.extra ?? {};
  const reached = unread === undefined || Object.keys(fields).length > 0;
  return {
    ...(reached ? (fromForm(extraOf(init).schema, fields) as ExceptionExtra) : {}),
    ...(unread === undefined ? {} : (fromForm(unreadExtra.schema, { unread }) as ExceptionExtra)),
  };
}
