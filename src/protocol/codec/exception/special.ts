import { UsageError } from '../../error/transport-error.ts';
import type { Codec } from '../codec.ts';
import { optional, struct } from '../combinators.ts';
import { boolean, int, string } from '../primitives.ts';
import type { ExceptionExtra } from './exception-value.ts';
import { asExtra, type ExtraCodec, noExtra } from './extra-codec.ts';

/** An exception of Java or Lucene that is written under its own key. */
export interface SpecialException {
  readonly key: number;
  /** Its class. Key 13 stands for several classes, in the order of their kinds. */
  readonly classes: readonly [string, ...string[]];
  /** The fields before the message. */
  readonly fields: ExtraCodec;
  readonly hasMessage: boolean;
  readonly hasCause: boolean;
  /** Returns the message that Java builds from the fields if no message is sent. */
  readonly messageOf: (extra: ExceptionExtra) => string | null;
}

const plain = (key: number, name: string, hasCause: boolean, fields: ExtraCodec = noExtra): SpecialException => ({
  key,
  classes: [name],
  fields,
  hasMessage: true,
  hasCause,
  messageOf: () => null,
});

const tooNewFields = asExtra(struct({ resource: optional(string), version: int, min: int, max: int }));

const tooOldReason = struct({ reason: optional(string) });
const tooOldVersions = struct({ version: int, min: int, max: int });

/** `opt str` resource, `bool` has version; if false `opt str` reason, if true `i32` version, min, max. */
const tooOldFields: ExtraCodec = {
  schema: { kind: 'custom', name: 'indexFormatTooOldFields' },
  read: (input) => {
    const resource = input.readOptionalString();
    return input.readBoolean()
      ? { resource, reason: null, ...tooOldVersions.read(input) }
      : { resource, ...tooOldReason.read(input), version: null, min: null, max: null };
  },
  write: (output, value) => {
    const { resource, version } = value as { readonly resource?: string | null; readonly version?: number | null };
    const hasVersion = version !== null && version !== undefined;
    output.writeOptionalString(resource ?? null);
    output.writeBoolean(hasVersion);
    if (hasVersion) tooOldVersions.write(output, value as never);
    else tooOldReason.write(output, value);
  },
};

const range = ({ version, min, max }: ExceptionExtra): string =>
  `${String(version)} (needs to be between ${String(min)} and ${String(max)})`;

const unsupported = (extra: ExceptionExtra, why: string): string =>
  `Format version is not supported (resource ${String(extra['resource'])}): ${why}`;

const fileSystemFields = asExtra(struct({ file: optional(string), otherFile: optional(string), reason: optional(string) }));

const rejectedFields = asExtra(struct({ isExecutorShutdown: boolean }));

/**
 * The special cases by key, from 1. Java uses the first class of which the exception is an instance, so subclasses are sent as these classes: an
 * `UnknownHostException` as an `IOException`, an `XContentParseException` as an `IllegalArgumentException`.
 *
 * @see wire-format.md §4.5
 */
const SPECIALS: readonly SpecialException[] = [
  {
    ...plain(1, 'org.apache.lucene.index.CorruptIndexException', true),
    fields: asExtra(struct({ originalMessage: optional(string), resource: optional(string) })),
    hasMessage: false,
    messageOf: (extra) => `${String(extra['originalMessage'])} (resource=${String(extra['resource'])})`,
  },
  {
    ...plain(2, 'org.apache.lucene.index.IndexFormatTooNewException', false, tooNewFields),
    hasMessage: false,
    messageOf: (extra) => unsupported(extra, range(extra)),
  },
  {
    ...plain(3, 'org.apache.lucene.index.IndexFormatTooOldException', false, tooOldFields),
    hasMessage: false,
    messageOf: (extra) => `${unsupported(extra, extra['version'] === null ? String(extra['reason']) : range(extra))}.`,
  },
  plain(4, 'java.lang.NullPointerException', false),
  plain(5, 'java.lang.NumberFormatException', false),
  plain(6, 'java.lang.IllegalArgumentException', true),
  plain(7, 'org.apache.lucene.store.AlreadyClosedException', true),
  plain(8, 'java.io.EOFException', false),
  plain(9, 'java.lang.SecurityException', true),
  plain(10, 'java.lang.StringIndexOutOfBoundsException', false),
  plain(11, 'java.lang.ArrayIndexOutOfBoundsException', false),
  plain(12, 'java.io.FileNotFoundException', false),
  {
    ...plain(13, '', false, fileSystemFields),
    classes: [
      'java.nio.file.NoSuchFileException',
      'java.nio.file.NotDirectoryException',
      'java.nio.file.DirectoryNotEmptyException',
      'java.nio.file.AtomicMoveNotSupportedException',
      'java.nio.file.FileAlreadyExistsException',
      'java.nio.file.AccessDeniedException',
      'java.nio.file.FileSystemLoopException',
      'java.nio.file.FileSystemException',
    ],
  },
  plain(14, 'java.lang.IllegalStateException', true),
  plain(15, 'org.apache.lucene.store.LockObtainFailedException', true),
  plain(16, 'java.lang.InterruptedException', false),
  plain(17, 'java.io.IOException', true),
  plain(18, 'org.opensearch.core.concurrency.OpenSearchRejectedExecutionException', false, rejectedFields),
];

const BY_CLASS: ReadonlyMap<string, SpecialException> = new Map(
  SPECIALS.flatMap((special) => special.classes.map((name) => [name, special] as const)),
);

/** Returns the special case of a key, or undefined for an unknown key. */
export function specialOfKey(key: number): SpecialException | undefined {
  return SPECIALS[key - 1];
}

/** Returns the special case as which a class is written, or undefined for other classes. */
export function specialOfClass(name: string): SpecialException | undefined {
  return BY_CLASS.get(name);
}

/** The codec of the class: `vInt` kind for key 13, no bytes for the other keys. */
export function kindOf(special: SpecialException): Codec<string> {
  const { classes } = special;
  return {
    schema: { kind: 'enum', values: classes },
    read: (input) => {
      if (classes.length === 1) return classes[0];
      const offset = input.offset;
      const kind = input.readVInt();
      const name = classes[kind];
      if (name === undefined) throw input.fail(`unknown FileSystemException with id ${kind}`, offset);
      return name;
    },
    write: (output, name) => {
      if (classes.length === 1) return;
      const kind = classes.indexOf(name);
      if (kind < 0) throw new UsageError('ERR_USAGE', {}, `expected one of ${classes.join(', ')}, got '${name}'`);
      output.writeVInt(kind);
    },
  };
}
