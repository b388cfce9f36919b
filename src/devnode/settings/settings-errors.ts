import { registeredClass } from '../../protocol/codec/exception/registered.ts';
import { toRemoteCause } from '../../protocol/codec/exception/remote-cause.ts';
import { toException } from '../../protocol/codec/exception/to-exception.ts';
import { type ExceptionParts, newException, wrapper } from '../../protocol/codec/exception/wrapper.ts';
import { RemoteError } from '../../protocol/error/remote-error.ts';
import { StatusError } from '../../protocol/error/status-error.ts';
import { withoutStack } from '../../protocol/error/without-stack.ts';
import { V_2_19_6, V_3_9_0 } from '../../protocol/wire/version.ts';

/** Line of releases of a node: 2.x or 3.x. */
export type ReleaseLine = 2 | 3;

/** The exceptions with which a node refuses settings. Their classes and statuses differ between the lines. */
export class SettingsErrors {
  readonly #line: ReleaseLine;

  constructor(line: ReleaseLine) {
    this.#line = line;
  }

  /** `settings_exception` (id 56): status 400 on 3.x, 500 on 2.x. */
  settings(message: string, cause?: string): RemoteError {
    const inner = cause === undefined ? {} : { cause: newException('java.lang.IllegalStateException', null, { message: cause }) };
    return this.#java('org.opensearch.common.settings.SettingsException', { message, ...inner });
  }

  /** Null instead of settings: a node parses it as a text of its own. */
  notAnObject(): RemoteError {
    const message = 'Failed to parse object: expecting token of type [START_OBJECT] but found [VALUE_NULL]';
    const name = 'org.opensearch.core.common.ParsingException';
    const cause = newException(name, registeredClass(name)?.id ?? null, { message, extra: { lineNumber: 1, columnNumber: 1 } });
    return this.#java('org.opensearch.common.settings.SettingsException', { message: 'Failed to load settings from [null]', cause });
  }

  /** The refusal of an update: a `settings_exception` on 3.x, an `illegal_argument_exception` on 2.x. Status 400 on both. */
  update(message: string): RemoteError {
    return this.#line === 3 ? this.settings(message) : this.argument(message);
  }

  argument(message: string): RemoteError {
    return this.#java('java.lang.IllegalArgumentException', { message });
  }

  state(message: string): RemoteError {
    return this.#java('java.lang.IllegalStateException', { message });
  }

  /** Status 400. */
  nothingToUpdate(): RemoteError {
    return this.#wrapped('action_request_validation_exception', 400, 'Validation Failed: 1: no settings to update;');
  }

  /** Status 500: a node casts without a look. @param className the Java class that the value has after parsing */
  cast(className: string): RemoteError {
    const where = `${className} and java.util.Map are in module java.base of loader 'bootstrap'`;
    return this.#wrapped('class_cast_exception', 500, `class ${className} cannot be cast to class java.util.Map (${where})`);
  }

  /** Returns the exception for the refusal of a value; other errors stay what they are. */
  ofRefusal(error: unknown): unknown {
    if (!(error instanceof StatusError) || error.type !== 'illegal_argument_exception') return error;
    const { message, cause, suppressed } = toException(error);
    return this.#java('java.lang.IllegalArgumentException', { message, cause, suppressed });
  }

  #java(name: string, parts: ExceptionParts): RemoteError {
    const release = this.#line === 3 ? V_3_9_0 : V_2_19_6;
    return withoutStack(() => new RemoteError(toRemoteCause(newException(name, registeredClass(name)?.id ?? null, parts), release)));
  }

  #wrapped(type: string, status: number, message: string): RemoteError {
    return withoutStack(() => new RemoteError(toRemoteCause(wrapper(type, status, { message }))));
  }
}
