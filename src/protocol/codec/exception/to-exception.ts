import type { ErrorCode } from '../../error/codes.ts';
import { type RemoteCause, RemoteError } from '../../error/remote-error.ts';
import { StatusError } from '../../error/status-error.ts';
import { TransportError } from '../../error/transport-error.ts';
import { snakeCase } from './exception-type.ts';
import type { ExceptionValue } from './exception-value.ts';
import { stackFrames } from './js-stack.ts';
import { registeredClass } from './registered.ts';
import { isDecodedCause } from './remote-cause.ts';
import { type ExceptionParts, nameOfStatus, newException, wrapper } from './wrapper.ts';

/** Options for turning a thrown value into an exception. */
export interface ThrownOptions {
  /** The requested action, for errors that name it. @default '' */
  readonly action?: string;
  /** Whether to send the frames of JavaScript stacks: function, file name and line. @default false */
  readonly stack?: boolean;
}

/** Number of levels of causes that are sent. A thrown value can contain others in a cycle or a long chain. */
const MAX_LEVELS = 50;

/** Longest type that is sent. Types come from error names, which can have any length. */
const MAX_TYPE_LENGTH = 200;

/**
 * Returns the exception for a value that a handler threw.
 *
 * - `StatusError`: id 145 with its status, or id 62 if it has a type
 * - `RemoteError`: the exception that the other node sent, unchanged
 * - `TransportError`: the OpenSearch exception that is nearest to its code
 * - any other value: id 62, status 500, with a type made from the error's name
 *
 * Causes are included; the errors of an `AggregateError` become suppressed exceptions. Each error is included once. Never throws, whatever the
 * thrown value does.
 */
export function toException(error: unknown, options: ThrownOptions = {}): ExceptionValue {
  try {
    return new Thrown(options).toException(error, 1);
  } catch {
    return wrapper('error', 500, { message: 'the thrown value cannot be described' });
  }
}

class Thrown {
  readonly #seen = new Set<unknown>();
  readonly #options: ThrownOptions;

  constructor(options: ThrownOptions) {
    this.#options = options;
  }

  toException(error: unknown, level: number): ExceptionValue {
    this.#seen.add(error);
    if (error instanceof TransportError) {
      if (error instanceof RemoteError) return fromRemote(error.remote);
      return fromTransport(error, this.#parts(error, level), this.#options.action ?? '');
    }
    const parts = this.#parts(error, level);
    return error instanceof StatusError ? fromStatus(error, parts) : wrapper(typeOf(error), 500, parts);
  }

  #parts(error: unknown, level: number): ExceptionParts {
    return {
      message: messageOf(error),
      cause: this.#causeOf(error, level),
      suppressed: this.#inner(property(error, 'errors'), level),
      stack: this.#options.stack === true ? stackFrames(stringOf(property(error, 'stack'))) : [],
    };
  }

  #causeOf(error: unknown, level: number): ExceptionValue | null {
    const cause = property(error, 'cause');
    return level < MAX_LEVELS && this.#isNew(cause) ? this.toException(cause, level + 1) : null;
  }

  #inner(errors: unknown, level: number): ExceptionValue[] {
    if (level === MAX_LEVELS || !Array.isArray(errors)) return [];
    return errors.flatMap((each) => (this.#isNew(each) ? [this.toException(each, level + 1)] : []));
  }

  #isNew(error: unknown): boolean {
    return error !== undefined && error !== null && !this.#seen.has(error);
  }
}

function fromRemote(remote: RemoteCause): ExceptionValue {
  if (isDecodedCause(remote)) return remote;
  const { message, stack, headers, metadata } = remote;
  const cause = remote.cause === null ? null : fromRemote(remote.cause);
  return wrapper(remote.type, remote.status, { message, cause, stack, suppressed: remote.suppressed.map(fromRemote), headers, metadata });
}

function fromStatus({ status, type, metadata, headers }: StatusError, parts: ExceptionParts): ExceptionValue {
  const complete = { ...parts, metadata, headers };
  if (type !== null) return wrapper(type, status, complete);
  return registered('org.opensearch.OpenSearchStatusException', { ...complete, extra: { status: nameOfStatus(status) } });
}

const special = (name: string) => (parts: ExceptionParts) => newException(name, null, parts);
const plain = (name: string) => (parts: ExceptionParts) => registered(name, parts);
const overNode = (name: string) => (parts: ExceptionParts) =>
  registered(name, { ...parts, extra: { address: null, action: null, node: null } });

function registered(name: string, parts: ExceptionParts): ExceptionValue {
  return newException(name, registeredClass(name)?.id ?? null, parts);
}

const tooLarge = (parts: ExceptionParts) =>
  registered('org.opensearch.core.common.breaker.CircuitBreakingException', {
    ...parts,
    extra: { byteLimit: 0, bytesWanted: 0, durability: 'PERMANENT' },
  });

const rejected = (parts: ExceptionParts) =>
  newException('org.opensearch.core.concurrency.OpenSearchRejectedExecutionException', null, {
    ...parts,
    extra: { isExecutorShutdown: false },
  });

/** The nearest OpenSearch exception of an error code, for codes that have one. */
const NEAREST: { readonly [C in ErrorCode]?: (parts: ExceptionParts, action: string) => ExceptionValue } = {
  ERR_UNKNOWN_ACTION: (parts, action) =>
    registered('org.opensearch.transport.ActionNotFoundTransportException', { ...parts, extra: { action } }),
  ERR_OVERLOADED: rejected,
  ERR_PAYLOAD_LIMIT: tooLarge,
  ERR_DECODE: special('java.lang.IllegalStateException'),
  ERR_BAD_REQUEST: special('java.lang.IllegalStateException'),
  ERR_DEADLINE: plain('org.opensearch.OpenSearchTimeoutException'),
  ERR_CANCELLED: plain('org.opensearch.core.tasks.TaskCancelledException'),
  ERR_CLOSED: plain('org.opensearch.node.NodeClosedException'),
  ERR_DIAL: overNode('org.opensearch.transport.ConnectTransportException'),
  ERR_CONNECTION_LOST: overNode('org.opensearch.transport.NodeDisconnectedException'),
};

function fromTransport(error: TransportError, parts: ExceptionParts, action: string): ExceptionValue {
  return NEAREST[error.code]?.(parts, action) ?? wrapper(typeOf(error), 500, parts);
}

function property(value: unknown, key: string): unknown {
  return value instanceof Error ? (value as unknown as Record<string, unknown>)[key] : undefined;
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (stringOf(property(error, 'message')) ?? '') : String(error);
}

function typeOf(error: unknown): string {
  const name = stringOf(property(error, 'name'));
  return snakeCase((name === undefined || name === '' ? 'Error' : name).slice(0, MAX_TYPE_LENGTH));
}
