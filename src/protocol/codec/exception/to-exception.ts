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

/** How a thrown value becomes an exception. */
export interface ThrownOptions {
  /** The action that was asked for, for errors that name it. @default '' */
  readonly action?: string;
  /** Sends the frames of JavaScript stacks: function, file name and line. @default false */
  readonly stack?: boolean;
}

/** A thrown value may hold others in a circle or a long chain: only so many levels travel. */
const MAX_LEVELS = 50;

/** Types come from names that anybody may choose. */
const MAX_TYPE_LENGTH = 200;

/**
 * The exception for something a handler threw.
 *
 * - `StatusError`: id 145 with its status, or id 62 when it has a type of its own
 * - `RemoteError`: the exception the other node sent, as it was
 * - `TransportError`: the nearest exception OpenSearch has, by code
 * - anything else: id 62, status 500, its type made of the error's name
 *
 * Causes come along, and the errors of an `AggregateError` as suppressed exceptions, each once. Nothing a thrown value does makes this throw.
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
    if (error instanceof RemoteError) return fromRemote(error.remote);
    const parts = this.#parts(error, level);
    if (error instanceof StatusError) return fromStatus(error, parts);
    if (error instanceof TransportError) return fromTransport(error, parts, this.#options.action ?? '');
    return wrapper(typeOf(error), 500, parts);
  }

  #parts(error: unknown, level: number): ExceptionParts {
    return {
      message: messageOf(error),
      cause: this.#inner([property(error, 'cause')], level)[0] ?? null,
      suppressed: this.#inner(property(error, 'errors'), level),
      stack: this.#options.stack === true ? stackFrames(stringOf(property(error, 'stack'))) : [],
    };
  }

  #inner(errors: unknown, level: number): ExceptionValue[] {
    if (level === MAX_LEVELS || !Array.isArray(errors)) return [];
    const isNew = (each: unknown) => each !== undefined && each !== null && !this.#seen.has(each);
    return errors.flatMap((each) => (isNew(each) ? [this.toException(each, level + 1)] : []));
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

/** The nearest exception for codes that have one. */
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
