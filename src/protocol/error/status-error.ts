import { errorJson } from './error-json.ts';
import { UsageError } from './transport-error.ts';

/** Marks status errors of every copy of the package, so that `instanceof` works across two installed copies. */
const BRAND: unique symbol = Symbol.for('opensearch-transport.status-error') as never;

/** REST prints metadata keys without this prefix, and fails on keys that lack it. */
const METADATA_PREFIX = 'opensearch.';

/** What a {@link StatusError} may carry besides status, type and reason. */
export interface StatusErrorOptions {
  /** The error this one explains; it travels as cause. */
  readonly cause?: unknown;
  /** Shown in the error JSON without their prefix. Keys start with `opensearch.`. @default {} */
  readonly metadata?: Readonly<Record<string, readonly string[]>>;
  /** Sent as headers of the exception; OpenSearch puts some of them into the HTTP answer. @default {} */
  readonly headers?: Readonly<Record<string, readonly string[]>>;
}

/**
 * What a handler throws to answer with a chosen HTTP status: the caller's REST layer shows `status`, `type` and `reason`.
 *
 * Without a type it travels as `OpenSearchStatusException` (id 145, shown as `status_exception`), with one as
 * `NotSerializableExceptionWrapper` (id 62), the only exception that carries a type of its own.
 *
 * @example throw new StatusError(404, 'note_not_found_exception', 'no such note [17]');
 * @see wire-format.md §4.8, extensions.md §1.5
 */
export class StatusError extends Error {
  /** HTTP status, 100 to 599. One that OpenSearch has no name for goes out as 400 or 500. */
  readonly status: number;
  /** Type in snake case as REST prints it, or null. */
  readonly type: string | null;
  /** What REST prints as reason; the same as `message`. */
  readonly reason: string;
  readonly metadata: Readonly<Record<string, readonly string[]>>;
  readonly headers: Readonly<Record<string, readonly string[]>>;

  /** @throws ERR_USAGE when the status is no HTTP status, or a metadata key lacks its prefix */
  constructor(status: number, type: string | null, reason: string, options: StatusErrorOptions = {}) {
    super(reason, 'cause' in options ? { cause: options.cause } : undefined);
    if (!Number.isInteger(status) || status < 100 || status > 599) {
      throw new UsageError('ERR_USAGE', {}, `${String(status)} is no HTTP status, expected 100 to 599`);
    }
    const bad = Object.keys(options.metadata ?? {}).find((key) => !key.startsWith(METADATA_PREFIX));
    if (bad !== undefined) throw new UsageError('ERR_USAGE', {}, `metadata key '${bad}' does not start with ${METADATA_PREFIX}`);
    this.status = status;
    this.type = type;
    this.reason = reason;
    this.metadata = options.metadata ?? {};
    this.headers = options.headers ?? {};
  }

  /** True for status errors of any installed copy of the package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
  }

  /** Returns what `JSON.stringify` writes: message, status, type and the other members, and the causes. No stack. */
  toJSON(): Record<string, unknown> {
    return errorJson(this);
  }

  get [BRAND](): true {
    return true;
  }
}

Object.defineProperty(StatusError.prototype, 'name', { value: 'StatusError' });
