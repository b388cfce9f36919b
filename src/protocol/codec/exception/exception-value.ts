import type { RemoteStackFrame } from '../../error/remote-error.ts';

/** The fields that exceptions of one class have in addition to the common ones, by name. */
export type ExceptionExtra = Readonly<Record<string, unknown>>;

/** Lists of strings by name, in the order of the stream. Names that are array indices come first, as in every JavaScript object. */
export type NamedLists = Readonly<Record<string, readonly string[]>>;

/**
 * An exception as read from a stream, without loss.
 *
 * If the layout of the extra fields is unknown (an unknown id, or id 17), `extra.unread` holds all bytes up to the end of the stream, because
 * the end of the fields cannot be found. The exceptions around it then have an empty `unread` and none of the fields after the one that contains
 * it. Such a value can only be the last value in a stream. `unread` is owned.
 *
 * @see wire-format.md §4.5
 */
export interface ExceptionValue {
  /** Java class, for example `org.opensearch.index.IndexNotFoundException`; {@link UNKNOWN_CLASS} for an unregistered id. */
  readonly class: string;
  /** Id of a registered exception. Null for exceptions of Java and Lucene that are written under their own key. */
  readonly id: number | null;
  readonly message: string | null;
  readonly cause: ExceptionValue | null;
  readonly stack: readonly RemoteStackFrame[];
  readonly suppressed: readonly ExceptionValue[];
  readonly headers: NamedLists;
  readonly metadata: NamedLists;
  /** Additional fields of the class, by the names of its Java fields. */
  readonly extra: ExceptionExtra;
}

/** An exception to write, given by class or id. Fields left out are null or empty. */
export interface ExceptionInit {
  /** Used if `id` is left out or null. */
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

/** Class of an exception with an unregistered id. */
export const UNKNOWN_CLASS = 'UnknownException';

/** Returns true for an exception that was read only in part, or whose end in the stream is unknown. */
export function isIncomplete({ extra }: ExceptionInit): boolean {
  return extra !== undefined && ('unread' in extra || 'problem' in extra);
}
