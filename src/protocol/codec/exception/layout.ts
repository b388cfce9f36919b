import { UsageError } from '../../error/transport-error.ts';
import type { StreamInput } from '../../wire/stream-input.ts';
import type { StreamOutput } from '../../wire/stream-output.ts';
import type { AnyCodec, Codec } from '../codec.ts';
import { list, map, optional, struct } from '../combinators.ts';
import { string, vInt } from '../primitives.ts';
import { type ExceptionInit, type ExceptionValue, UNKNOWN_CLASS } from './exception-value.ts';
import { type ExtraCodec, noExtra, unreadExtra } from './extra-codec.ts';
import { extraFields } from './extra-fields.ts';
import { sharedList } from './recent-stacks.ts';
import { registeredClass, registeredException } from './registered.ts';
import { kindOf, type SpecialException, specialOfClass, specialOfKey } from './special.ts';

/** A part of an exception in the stream, which is one field of {@link ExceptionValue}. */
export interface Part {
  readonly name: 'class' | 'message' | 'cause' | 'stack' | 'suppressed' | 'headers' | 'metadata' | 'extra';
  readonly codec: AnyCodec;
}

/** The layout of one exception in the stream: its class, its id and its parts in order. */
export interface Layout {
  readonly class: string;
  readonly id: number | null;
  readonly parts: readonly Part[];
  /** The special case of an exception that is written under its own key, null for registered exceptions. */
  readonly special: SpecialException | null;
}

/** Finds the layout of an exception. */
export interface Layouts {
  /** Reads key and id. @throws ERR_DECODE for an unknown key */
  readonly read: (input: StreamInput) => Layout;
  /** Writes key and id. @throws ERR_USAGE if the value has no id and its class is unknown */
  readonly write: (output: StreamOutput, value: ExceptionInit) => Layout;
  /** Returns the codec of the extra fields of an exception. */
  readonly extraOf: (value: ExceptionInit) => ExtraCodec;
}

const stackFrame = struct({ class: string, file: optional(string), method: string, line: vInt }, 'StackFrame');
const namedLists = map(list(string));

const message: Part = { name: 'message', codec: optional(string) };
const stack: Part = { name: 'stack', codec: sharedList(list(stackFrame)) };

/**
 * Returns the layouts of exceptions around the codec of nested ones. Key 0 is a registered exception, other keys are special cases.
 *
 * @param nested codec of causes
 * @param inside codec of the exceptions inside extra fields
 * @see wire-format.md §4.5
 */
export function layoutsAround(
  nested: Codec<ExceptionValue | null, ExceptionInit | null | undefined>,
  inside: Codec<ExceptionValue, ExceptionInit>,
): Layouts {
  const cause: Part = { name: 'cause', codec: nested };
  const suppressed: Part = { name: 'suppressed', codec: list(notNull(nested)) };
  const base: readonly Part[] = [
    message,
    cause,
    stack,
    suppressed,
    { name: 'headers', codec: namedLists },
    { name: 'metadata', codec: namedLists },
  ];
  const extras = extraFields(inside);
  const extraOfId = (id: number): ExtraCodec => extras.get(id) ?? (registeredException(id, 0) === undefined ? unreadExtra : noExtra);

  const partsOfExtra = memoized((codec: ExtraCodec): readonly Part[] => [...base, { name: 'extra', codec }]);
  const registered = (id: number, name: string): Layout => ({ class: name, id, parts: partsOfExtra(extraOfId(id)), special: null });
  const specialCase = memoized(
    (special: SpecialException): Layout => ({
      class: special.classes[0],
      id: null,
      parts: [
        { name: 'class', codec: kindOf(special) },
        { name: 'extra', codec: special.fields },
        ...(special.hasMessage ? [message] : []),
        ...(special.hasCause ? [cause] : []),
        stack,
        suppressed,
      ],
      special,
    }),
  );

  return {
    read: (input) => {
      const offset = input.offset;
      const key = input.readVInt();
      if (key === 0) {
        const id = input.readVInt();
        return registered(id, registeredException(id, input.peerVersion)?.class ?? UNKNOWN_CLASS);
      }
      const special = specialOfKey(key);
      if (special === undefined) throw input.fail(`no such exception for id: ${key}`, offset);
      return specialCase(special);
    },
    write: (output, value) => {
      const id = idOf(value);
      output.writeVInt(id === null ? special(value).key : 0);
      if (id === null) return specialCase(special(value));
      output.writeVInt(id);
      return registered(id, value.class ?? '');
    },
    extraOf: (value) => {
      const id = idOf(value);
      return id === null ? special(value).fields : extraOfId(id);
    },
  };
}

/** Returns a function that makes the value of a key once. For keys of which there are few. */
function memoized<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}

/** The codec without null. @throws ERR_DECODE for null */
export function notNull<Out, In>(codec: Codec<Out | null, In | null | undefined>): Codec<Out, In> {
  return {
    schema: codec.schema,
    read: (input) => {
      const offset = input.offset;
      const value = codec.read(input);
      if (value === null) throw input.fail('expected an exception, got null', offset);
      return value;
    },
    write: codec.write,
  };
}

function idOf({ id, class: name }: ExceptionInit): number | null {
  return id ?? (name === undefined ? null : (registeredClass(name)?.id ?? null));
}

function special({ class: name }: ExceptionInit): SpecialException {
  const found = specialOfClass(name ?? '');
  if (found === undefined)
    throw new UsageError('ERR_USAGE', {}, `class '${String(name)}' is not registered in OpenSearch; send it as id 62`);
  return found;
}
