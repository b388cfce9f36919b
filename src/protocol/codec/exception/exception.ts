import { DecodeError, UsageError } from '../../error/transport-error.ts';
import { COST } from '../../wire/allowance.ts';
import { MAX_EXCEPTION_DEPTH } from '../../wire/limits.ts';
import type { StreamInput } from '../../wire/stream-input.ts';
import type { StreamOutput } from '../../wire/stream-output.ts';
import { type Codec, underField } from '../codec.ts';
import { traced } from '../traced.ts';
import { exceptionSchema } from './exception-form.ts';
import { type ExceptionInit, type ExceptionValue, isIncomplete } from './exception-value.ts';
import { unreadExtra } from './extra-codec.ts';
import { type Layout, layoutsAround, type Part, notNull } from './layout.ts';

type Exception = Codec<ExceptionValue | null, ExceptionInit | null | undefined>;
type Draft = { -readonly [K in keyof ExceptionValue]: ExceptionValue[K] };

/** How to treat an exception that ends early or is malformed: throw, or keep the parts read so far and set `extra.problem`. */
type OnProblem = 'throw' | 'keep';

/**
 * An exception or null, with causes, suppressed exceptions, headers, metadata and the extra fields of its class; lossless, byte for byte.
 *
 * `bool` present, `vInt` key; key 0: `vInt` id, base, extra fields; keys 1 to 18: fields, message, cause, stack, suppressed by key. An
 * exception is written under its own id at every stream version; use `atVersion` for exceptions created here.
 *
 * An unknown id, and id 17, read the stream to its end (`extra.unread`). If other fields follow, use {@link wholeException}.
 *
 * @throws ERR_DECODE `no such exception for id: <key>`, or nested deeper than {@link MAX_EXCEPTION_DEPTH}
 * @throws ERR_USAGE if a value has neither a known class nor an id, is nested too deep, or was read only in part
 * @memory owned
 * @see wire-format.md §4.5
 */
export const exception: Codec<ExceptionValue | null, ExceptionInit | null | undefined> = exceptionCodec('throw');

/**
 * An exception followed by other fields, never null.
 *
 * @throws ERR_DECODE `unknown exception for id: <id>` if the end of the exception cannot be found
 * @see wire-format.md §4.7 "Robust reader"
 */
export const wholeException: Codec<ExceptionValue, ExceptionInit> = wholeOf(exception);

/** Like {@link exception}, but keeps all parts before a malformed one, if at least the message of the outermost exception is readable. */
export const salvagedException: Exception = exceptionCodec('keep');

function exceptionCodec(onProblem: OnProblem): Exception {
  const nested: Exception = {
    schema: exceptionSchema((value) => layouts.extraOf(value)),
    canOmit: true,
    read: (input) => {
      if (!input.readBoolean()) return null;
      if (++input.depth > MAX_EXCEPTION_DEPTH) throw input.fail(`exceptions nested deeper than ${MAX_EXCEPTION_DEPTH}`);
      input.spend(COST.exception);
      const value = readParts(input, layouts.read(input), onProblem);
      input.depth--;
      return value;
    },
    write: (output, value) => {
      output.writeBoolean(value !== null && value !== undefined);
      if (value === null || value === undefined) return;
      if (++output.depth > MAX_EXCEPTION_DEPTH) {
        throw new UsageError('ERR_USAGE', {}, `exceptions nested deeper than ${MAX_EXCEPTION_DEPTH}`);
      }
      writeParts(output, layouts.write(output, value), value);
      output.depth--;
    },
  };
  const layouts = layoutsAround(nested, wholeOf(nested));
  return nested;
}

/** Returns the incomplete exception in a part, after which no further part can be read. */
function endIn({ name }: Part, { cause, suppressed }: ExceptionInit): ExceptionInit | undefined {
  const last = name === 'cause' ? cause : name === 'suppressed' ? suppressed?.at(-1) : undefined;
  return last !== undefined && last !== null && isIncomplete(last) ? last : undefined;
}

const NOTHING = Buffer.alloc(0);

function readParts(input: StreamInput, layout: Layout, onProblem: OnProblem): ExceptionValue {
  const { class: name, id, parts, special } = layout;
  const draft: Draft = { class: name, id, message: null, cause: null, stack: [], suppressed: [], headers: {}, metadata: {}, extra: {} };
  const depth = input.depth;
  let i = 0;
  try {
    for (; i < parts.length; i++) {
      const part = parts[i] as Part;
      (draft as Record<string, unknown>)[part.name] = traced(input, part.name, part.codec);
      const end = endIn(part, draft)?.extra;
      if (end === undefined) continue;
      draft.extra = { ...draft.extra, ...('problem' in end ? { problem: end['problem'] } : { unread: NOTHING }) };
      break;
    }
  } catch (error) {
    // An exception without its first part is dropped; the exception around it reports the problem.
    if (onProblem === 'throw' || i === 0 || !(error instanceof DecodeError)) throw error;
    input.depth = depth;
    draft.extra = { ...draft.extra, problem: error.message };
  }
  if (special !== null) draft.message ??= special.messageOf(draft.extra);
  return draft;
}

const ABSENT: Required<Omit<ExceptionInit, 'class' | 'id'>> = {
  message: null,
  cause: null,
  stack: [],
  suppressed: [],
  headers: {},
  metadata: {},
  extra: {},
};

function writeParts(output: StreamOutput, { class: className, parts }: Layout, value: ExceptionInit): void {
  const { extra = ABSENT.extra } = value;
  if ('problem' in extra) {
    throw new UsageError('ERR_USAGE', {}, `cannot write an exception that was read only in part: ${String(extra['problem'])}`);
  }
  for (const part of parts) {
    try {
      const given = value[part.name] ?? (part.name === 'class' ? className : ABSENT[part.name]);
      (part.codec as Codec<unknown>).write(output, given);
    } catch (error) {
      throw underField(error, part.name);
    }
    const end = endIn(part, value);
    if (end === undefined) continue;
    if (!('unread' in extra)) throw noEnd(end);
    return;
  }
  if ('unread' in extra && parts.at(-1)?.codec !== unreadExtra) throw noEnd(value);
}

function noEnd({ id, class: name }: ExceptionInit): UsageError {
  return new UsageError(
    'ERR_USAGE',
    {},
    `unexpected extra.unread in exception ${String(id ?? name)}: only the last exception of a stream, and those around it, can have it`,
  );
}

function wholeOf(codec: Exception): Codec<ExceptionValue, ExceptionInit> {
  const present = notNull(codec);
  return {
    schema: codec.schema,
    read: (input) => {
      const offset = input.offset;
      const value = present.read(input);
      if (isIncomplete(value)) throw input.fail(`unknown exception for id: ${String(innermost(value).id)}`, offset);
      return value;
    },
    write: (output, value) => {
      if (value === null || value === undefined) throw new UsageError('ERR_USAGE', {}, 'expected an exception, got null');
      if (isIncomplete(value)) throw noEnd(value);
      codec.write(output, value);
    },
  };
}

/** Returns the innermost exception whose end is unknown. */
function innermost(value: ExceptionValue): ExceptionValue {
  let inner = value;
  for (;;) {
    const next = [inner.suppressed.at(-1), inner.cause].find((each) => each !== undefined && each !== null && isIncomplete(each));
    if (next === undefined || next === null) return inner;
    inner = next;
  }
}
