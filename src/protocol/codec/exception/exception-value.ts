import type { RemoteStackFrame } from '../../error/remote-error.ts';

/** Fields that only exceptions of some class have, by name. */
export type ExceptionExtra = Readonly<Record<string, unknown>>;

/** Strings by name, in the order of the stream (names that are array indices come first, as in every JavaScript object). */
export type NamedLists = Readonly<Record<string, readonly string[]>>;

/**
 * An exception as it stands in a stream, lossless.
 *
 * An `extra` with `unread` belongs to an exception whose extra fields have no known layout: an unknown id, or id 17. Where they end cannot be
 * known, so `unread` holds everything up to the end of the stream, and the exceptions around it have nothing behind the field that led here and
 * an empty `unread`. Such a value may only be the last thing in a stream. `unread` is owned.
 *
 * @see wire-format.md §4.5
 */
export interface ExceptionValue {
  /** Java class, for example `org.opensearch.index.IndexNotFoundException`; {@link UNKNOWN_CLASS} for an id nobody registered. */
  readonly class: string;
  /** Id of a registered exception, null for those of Java and Lucene that have a key of their own. */
  readonly id: number | null;
  readonly message: string | null;
  readonly cause: ExceptionValue | null;
  readonly stack: readonly RemoteStackFrame[];
  readonly suppressed: readonly ExceptionValue[];
  readonly headers: NamedLists;
  readonly metadata: NamedLists;
  /** Fields of the class, by the names of its Java fields. */
  readonly extra: ExceptionExtra;
}

/** An exception to write: its class or its id, and what it carries. What is left out is null or empty. */
export interface ExceptionInit {
  /** Decides when `id` is left out or null. */
  readonly class?: string;
  readonly id?: number | null;
  readonly message?: string | null;
  readonly cause?: ExceptionInit | null;
  readonly stack?: readonly RemoteStackFrame[];
  readonly suppressed?: readonly ExceptionInit[];
  readonly headers?: NamedLists;
  readonly metadata?: NamedLists;
  readonly extra?: ExceptionExtra;
}

/** Class of an exception with an id nobody registered. */
export const UNKNOWN_CLASS = 'UnknownException';

/** True for an exception whose end in the stream is not known, or that was read only in part. */
export function isIncomplete({ extra }: ExceptionInit): boolean {
  return extra !== undefined && ('unread' in extra || 'problem' in extra);
}
