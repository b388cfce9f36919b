import { errorJson } from './error-json.ts';
import { UsageError } from './transport-error.ts';

/** Marks status errors, so that `instanceof` works across two installed copies of the package. */
const BRAND: unique symbol = Symbol.for('opensearch-transport.status-error') as never;

/** Required prefix of metadata keys. REST prints keys without it and fails on keys that do not have it. */
const METADATA_PREFIX = 'opensearch.';

/** Options of a {@link StatusError}, besides status, type and reason. */
export interface StatusErrorOptions {
  /** The error that this one explains; it is sent as cause. */
  readonly cause?: unknown;
  /** Metadata. Keys begin with `opensearch.`; the error JSON shows them without this prefix. @default {} */
  readonly metadata?: Readonly<Record<string, readonly string[]>>;
  /** Headers of the exception. OpenSearch copies some of them to the HTTP answer. @default {} */
  readonly headers?: Readonly<Record<string, readonly string[]>>;
}

/**
 * An error for handlers to throw, to answer with an HTTP status, a type and a reason. The caller's REST layer shows all three.
 *
 * Without a type it is sent as `OpenSearchStatusException` (id 145, shown as `status_exception`); with a type as
 * `NotSerializableExceptionWrapper` (id 62), the only exception that carries any type.
 *
 * @example throw new StatusError(404, 'note_not_found_exception', 'no such note [17]');
 * @see wire-format.md §4.8, extensions.md §1.5
 */
export class StatusError extends Error {
  /** HTTP status, 100 to 599. A status that OpenSearch does not know is sent as 400 or 500. */
  readonly status: number;
  /** Type in snake case, as REST prints it, or null. */
  readonly type: string | null;
  /** The reason that REST prints; equal to `message`. */
  readonly reason: string;
  readonly metadata: Readonly<Record<string, readonly string[]>>;
  readonly headers: Readonly<Record<string, readonly string[]>>;

  /** @throws ERR_USAGE if the status is not from 100 to 599, or a metadata key does not have its prefix */
  constructor(status: number, type: string | null, reason: string, options: StatusErrorOptions = {}) {
    super(reason, 'cause' in options ? { cause: options.cause } : undefined);
    if (!Number.isInteger(status) || status < 100 || status > 599) {
      throw new UsageError('ERR_USAGE', {}, `status must be an integer from 100 to 599, got ${String(status)}`);
    }
    const bad = Object.keys(options.metadata ?? {}).find((key) => !key.startsWith(METADATA_PREFIX));
    if (bad !== undefined) throw new UsageError('ERR_USAGE', {}, `metadata key '${bad}' does not start with ${METADATA_PREFIX}`);
    this.status = status;
    this.type = type;
    this.reason = reason;
    this.metadata = options.metadata ?? {};
    this.headers = options.headers ?? {};
  }

  /** Returns true for status errors of any installed copy of the package; false for a value that throws when it is read, such as a revoked Proxy. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    try {
      return typeof value === 'object' && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
    } catch {
      return false;
    }
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
