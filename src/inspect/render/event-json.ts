import { DecodeError, type TransportError } from '../../protocol/error/transport-error.ts';
import type { ConversationEvent, MessageEvent } from '../conversation/conversation-event.ts';
import { guessProtocol } from '../conversation/other-protocol.ts';
import { formOf, jsonText, schemaOfField, siblingsOf } from '../dissect/field-form.ts';
import type { DissectedField } from '../dissect/field-recorder.ts';
import type { Schema } from '../../protocol/codec/schema.ts';
import type { VersionId } from '../../protocol/wire/version.ts';
import type { VariableHeaderValue } from '../dissect/variable-header.ts';
import { printable } from '../../protocol/error/printable.ts';

/** What the JSON of an event has. */
export interface EventJsonOptions {
  /** Adds `fields`: the tree of fields with their offsets. @default false */
  readonly withFields?: boolean;
}

/**
 * Returns an event as one JSON object on a line. A message has the parts of the codec port's frame form (`ostp encode` takes it back), and beside them
 * `answers` (the action of a response's request) and `value` (the decoded body) or `problem`.
 */
export function eventJson(event: ConversationEvent, { withFields = false }: EventJsonOptions = {}): string {
  const { kind, connection, from, to, timeNs, offset } = event;
  const place = from === null ? '' : `,"connection":${connection},"from":"${from}","to":"${to}"`;
  const time = timeNs === null ? '' : `,"time":"${secondsText(timeNs)}"`;
  return printable(`{"kind":"${kind}"${place}${time},"offset":${offset}${contentOf(event, withFields)}}`);
}

/** Seconds since 1970 with nine decimals, as text: a number would lose some. */
function secondsText(timeNs: bigint): string {
  return `${timeNs / 1_000_000_000n}.${(timeNs % 1_000_000_000n).toString().padStart(9, '0')}`;
}

/** Members of the object as text, each with a comma before it: a capture may have millions, and building objects first takes three times as long. */
function contentOf(event: ConversationEvent, withFields: boolean): string {
  switch (event.kind) {
    case 'ping':
      return ',"ping":true';
    case 'gap':
      return `,"size":${event.size}`;
    case 'skipped': {
      const { size, bytes, error } = event;
      const problem = error === null ? null : problemForm(error);
      return `,"size":${size},"bytes":"${bytes.toString('hex')}","protocol":${jsonText(guessProtocol(bytes))},"problem":${jsonText(problem)}`;
    }
    case 'message': {
      const missing = event.missing === 0 ? '' : `,"missing":${event.missing}`;
      return `,"size":${event.bytes.length}${missing}${messageMembers(event)}${withFields ? fieldsMembers(event) : ''}`;
    }
  }
}

function messageMembers({ message, bytes }: MessageEvent): string {
  const { header, variable, action, body, problem } = message;
  if (header === null) return `,"bytes":"${bytes.toString('hex')}"`;
  const { request, error: isError, compressed, handshake, version, requestId } = header;
  const error = problem ?? body?.problem ?? null;
  const form = body?.form;
  const id = typeof requestId === 'number' ? requestId : `"${requestId}"`;
  const flags = `,"request":${request},"error":${isError},"compressed":${compressed},"handshake":${handshake},"version":${version},"requestId":${id}`;
  const names = variable === null ? '' : membersOf(variable);
  const answers = request ? '' : `,"answers":${JSON.stringify(action)}`;
  const content = body === null ? '' : `,"body":"${body.bytes.toString('hex')}"`;
  const value = form === undefined ? '' : `,"${isError ? 'exception' : 'value'}":${jsonText(form)}`;
  return `${flags}${names}${answers}${content}${value}${error === null ? '' : `,"problem":${jsonText(problemForm(error))}`}`;
}

/** Members of a variable header as text. Frames that repeat a header share its value. */
const variableMembers = new WeakMap<VariableHeaderValue, string>();

function membersOf(variable: VariableHeaderValue): string {
  const known = variableMembers.get(variable);
  if (known !== undefined) return known;
  const members = `,${JSON.stringify(variable).slice(1, -1)}`;
  variableMembers.set(variable, members);
  return members;
}

function problemForm(error: TransportError): object {
  const { code, message } = error;
  return error instanceof DecodeError ? { code, message, path: error.path, offset: error.offset } : { code, message };
}

function fieldsMembers({ message }: MessageEvent): string {
  const { body } = message;
  const version = message.header?.version ?? 0;
  const headers = fieldForms(message.fields, undefined, version);
  const inBody = fieldForms(body?.fields ?? [], body?.schema, version);
  return `,"fields":${jsonText(headers)}${body === null ? '' : `,"bodyFields":${jsonText(inBody)}`}`;
}

function fieldForms(fields: readonly DissectedField[], schema: Schema | undefined, version: VersionId): object[] {
  const siblings = siblingsOf(fields);
  return fields.map((field) => fieldForm(field, schemaOfField(schema, field.name, version, siblings), version));
}

/** A field that has fields of its own is told by them; others by their value. */
function fieldForm({ name, offset, end, value, fields }: DissectedField, schema: Schema | undefined, version: VersionId): object {
  if (fields.length === 0) return { name, offset, end, ...(value !== undefined && { value: formOf(schema, value, version) }) };
  return { name, offset, end, fields: fieldForms(fields, schema, version) };
}
