import { catalogue } from '../../protocol/action/catalogue.ts';
import { tcpHandshake } from '../../protocol/action/internal/tcp-handshake.ts';
import type { AnyCodec, Codec } from '../../protocol/codec/codec.ts';
import { traced } from '../../protocol/codec/traced.ts';
import { exception, salvagedException } from '../../protocol/codec/exception/exception.ts';
import type { ExceptionValue } from '../../protocol/codec/exception/exception-value.ts';
import { toForm } from '../../protocol/codec/json-form.ts';
import { fieldsOf, type Schema } from '../../protocol/codec/schema.ts';
import { taskId } from '../../protocol/codec/task-id.ts';
import { DecodeError, type TransportError } from '../../protocol/error/transport-error.ts';
import { inflateBodySync } from '../../protocol/frame/native/compression.ts';
import { FIXED_HEADER_BYTES } from '../../protocol/frame/native/fixed-header.ts';
import { DEFAULT_LIMITS } from '../../protocol/wire/limits.ts';
import { StreamInput } from '../../protocol/wire/stream-input.ts';
import type { VersionId } from '../../protocol/wire/version.ts';
import type { AnyAction } from '../../protocol/action/define-action.ts';
import type { Field } from './field-recorder.ts';
import {
  type FixedHeader,
  fixedHeaderFields,
  readFixedHeader,
  requestHeader,
  responseHeader,
  type VariableHeaderValue,
} from './frame-header.ts';
import { readTraced } from './decode-with-offsets.ts';

/** A body, decoded as far as it can be. */
export interface BodyReading {
  /** After inflating. @memory owned */
  readonly bytes: Buffer;
  /** Where its first byte stands: in the frame, or 0 when it was inflated. */
  readonly base: number;
  readonly fields: readonly Field[];
  /** Schema of the fields, for their JSON forms; undefined where nothing is known of the action. */
  readonly schema: Schema | undefined;
  /** JSON form of the whole; undefined when it is unknown or did not decode. */
  readonly form: unknown;
  /** The exception of an error response. */
  readonly exception: ExceptionValue | null;
  readonly problem: TransportError | null;
  /** Bytes behind what was decoded. */
  readonly rest: Buffer;
}

/** A frame, decoded as far as it can be. */
export interface MessageReading {
  readonly header: FixedHeader | null;
  readonly variable: VariableHeaderValue | null;
  /** Fields of both headers. */
  readonly fields: readonly Field[];
  /** What is wrong with the headers: then there is no body. */
  readonly problem: TransportError | null;
  /** The action of a request, or of the request that this answers, when that is known. */
  readonly action: string | null;
  readonly body: BodyReading | null;
}

/** What frames are decoded with. */
export interface DissectOptions {
  /** Actions by their names on the wire. @default the catalogue */
  readonly actions?: ReadonlyMap<string, AnyAction>;
  /** Action of responses whose request was not seen. @default null */
  readonly loneAction?: string | null;
}

const CATALOGUE: ReadonlyMap<string, AnyAction> = new Map(catalogue.map((action) => [action.name, action]));

/** Finds out which action a response answers. @returns null when the request was not seen */
export type ActionOfResponse = (requestId: bigint) => string | null;

/**
 * Decodes a frame, whole or cut off.
 *
 * @param frame from the marker on
 * @param answers asked for responses
 */
export function readMessage(frame: Buffer, answers: ActionOfResponse, { actions = CATALOGUE }: DissectOptions): MessageReading {
  const fixed = fixedHeaderFields(frame);
  if (frame.length < FIXED_HEADER_BYTES) return { header: null, variable: null, fields: fixed, problem: null, action: null, body: null };
  const header = readFixedHeader(frame);
  const bodyAt = FIXED_HEADER_BYTES + header.variableSize;
  const codec = header.request ? requestHeader : responseHeader;
  const reading = readTraced(codec, frame.subarray(FIXED_HEADER_BYTES, bodyAt), header.version, FIXED_HEADER_BYTES);
  const fields = [...fixed, ...reading.fields];
  const variable = reading.value ?? null;
  const problem = reading.problem ?? leftOver(header.variableSize - reading.read, 'variable header');
  if (variable === null || problem !== null) return { header, variable, fields, problem, action: null, body: null };
  const action = header.request ? (variable.action ?? null) : answeredBy(header, answers);
  return {
    header,
    variable,
    fields,
    problem,
    action,
    body: readBody(header, action === null ? undefined : actions.get(action), frame, bodyAt),
  };
}

/** A handshake response says itself what it answers. */
function answeredBy({ handshake, requestId }: FixedHeader, answers: ActionOfResponse): string | null {
  return answers(requestId) ?? (handshake ? tcpHandshake.name : null);
}

function readBody(header: FixedHeader, action: AnyAction | undefined, frame: Buffer, bodyAt: number): BodyReading {
  const raw = frame.subarray(bodyAt);
  if (!header.compressed) return decodeBody(header, action, raw, bodyAt);
  try {
    return decodeBody(header, action, inflateBodySync(raw, DEFAULT_LIMITS.maxInflatedBytes), 0);
  } catch (error) {
    return { ...unknown(raw, bodyAt), problem: error as TransportError };
  }
}

function decodeBody(header: FixedHeader, known: AnyAction | undefined, bytes: Buffer, base: number): BodyReading {
  if (header.error) return decodeException(bytes, base, header.version);
  if (header.request) return decodeWith(requestBody(known?.request), bytes, base, header.version, known !== undefined);
  return known === undefined ? unknown(bytes, base) : decodeWith(known.response, bytes, base, header.version, true);
}

function unknown(bytes: Buffer, base: number): BodyReading {
  return { bytes, base, fields: [], schema: undefined, form: undefined, exception: null, problem: null, rest: bytes };
}

/** The parent task stands in front of every request, whether its action is known or not. */
function requestBody(request: AnyCodec | undefined): AnyCodec {
  const parentTask = { name: 'parentTask', schema: taskId.schema, canOmit: false };
  return {
    schema: { kind: 'struct', fields: [parentTask, ...fieldsOf(request?.schema)] },
    read: (input) => {
      const parent = traced(input, 'parentTask', taskId as Codec<unknown, never>);
      return { parentTask: parent, ...(request === undefined ? {} : (request.read(input) as object)) };
    },
    write: () => {},
  };
}

function decodeWith(codec: AnyCodec, bytes: Buffer, base: number, version: VersionId, complete: boolean): BodyReading {
  const { fields, value, problem, read } = readTraced(codec, bytes, version, base);
  const rest = bytes.subarray(read);
  const common = { bytes, base, schema: codec.schema, exception: null, rest };
  if (problem !== null) return { ...common, fields, form: undefined, problem };
  return {
    ...common,
    fields: withUntraced(fields, value, base, base + read),
    form: toForm(codec.schema, value, version),
    problem: complete ? leftOver(rest.length, 'body') : null,
  };
}

/**
 * Hand-written codecs tell of no fields. One of their value stands in the bytes that no field has taken; of several nobody knows which bytes are
 * whose, so they stand behind them.
 */
function withUntraced(fields: readonly Field[], value: unknown, base: number, end: number): readonly Field[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fields;
  const untold = Object.entries(value).filter(([name]) => fields.every((field) => field.name !== name));
  const offset = untold.length === 1 ? (fields.at(-1)?.end ?? base) : end;
  return [...fields, ...untold.map(([name, each]) => ({ name, offset, end, value: each as unknown, fields: [] }))];
}

function decodeException(bytes: Buffer, base: number, version: VersionId): BodyReading {
  const { schema } = exception;
  const { fields, value, problem, read } = readTraced(exception, bytes, version, base);
  const found = value ?? salvage(bytes, version);
  const rest = bytes.subarray(read);
  const form = found === null ? undefined : toForm(schema, found, version);
  return { bytes, base, fields, schema, form, exception: found, problem: problem ?? leftOver(rest.length, 'body'), rest };
}

/** What can be had of an exception that does not decode to its end. */
function salvage(bytes: Buffer, version: VersionId): ExceptionValue | null {
  try {
    return salvagedException.read(new StreamInput(bytes, { version }));
  } catch {
    return null;
  }
}

function leftOver(count: number, what: string): TransportError | null {
  return count === 0 ? null : new DecodeError('ERR_DECODE', {}, `${what} not fully read, ${count} bytes left`);
}
