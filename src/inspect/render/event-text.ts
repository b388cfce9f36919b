import { type Paint, plain } from './paint.ts';
import { oneLine } from '../../protocol/error/printable.ts';
import { DecodeError, type TransportError } from '../../protocol/error/transport-error.ts';
import { FIXED_HEADER_BYTES } from '../../protocol/frame/native/fixed-header.ts';
import { type VersionId, versionText } from '../../protocol/wire/version.ts';
import type { ConversationEvent, MessageEvent, SkippedEvent } from '../conversation/conversation-event.ts';
import { exceptionText } from './exception-text.ts';
import { addFieldRows, type RowSource } from './field-rows.ts';
import { guessProtocol } from '../conversation/other-protocol.ts';
import { HeaderRows } from './header-rows.ts';
import { hexdump } from './hexdump.ts';
import type { DissectedBody } from '../dissect/dissected-body.ts';
import type { DissectedMessage } from '../dissect/dissected-message.ts';

/** How events are shown. */
export interface TextOptions {
  /** Colours. @default plain */
  readonly paint?: Paint;
  /** Shows long values and dumps whole. @default false */
  readonly full?: boolean;
  /** Shows the headline of a message only. @default false */
  readonly brief?: boolean;
}

type Chosen = Required<TextOptions>;

const DUMP_BYTES_SHOWN = 512;

/** Returns an event as lines of text: a headline, then a row for every field with its offset and bytes. Safe on a terminal. */
export function eventText(event: ConversationEvent, { paint = plain, full = false, brief = false }: TextOptions = {}): string {
  const options: Chosen = { paint, full, brief };
  const where = placeText(event, paint);
  switch (event.kind) {
    case 'ping':
      return `${where}${paint('magenta', 'ping')}`;
    case 'gap':
      return `${where}${paint('yellow', `gap: ${event.size} bytes are not in the capture`)}`;
    case 'skipped':
      return [`${where}${paint('yellow', skippedText(event))}`, ...dump(event.bytes, event.offset, options)].join('\n');
    case 'message':
      return messageText(`${where}${headline(event, paint)}`, event, options);
  }
}

function messageText(head: string, event: MessageEvent, options: Chosen): string {
  if (options.brief) return head;
  const rows = [head];
  addMessageRows(rows, event, options);
  return rows.join('\n');
}

function placeText({ connection, from, to, timeNs }: ConversationEvent, paint: Paint): string {
  if (from === null || to === null) return '';
  const time = timeNs === null ? '' : `${timeText(timeNs)} `;
  return `${paint('dim', `#${connection} ${time}`)}${from} ${paint('bold', '→')} ${to}  `;
}

const DAY_NS = 86_400_000_000_000n;

/** Time of day in UTC, with microseconds. A capture may hold any number: only what is within a day is shown. */
function timeText(timeNs: bigint): string {
  const sinceMidnight = ((timeNs % DAY_NS) + DAY_NS) % DAY_NS;
  const micros = ((sinceMidnight / 1000n) % 1_000_000n).toString().padStart(6, '0');
  return `${new Date(Number(sinceMidnight / 1_000_000n)).toISOString().slice(11, 19)}.${micros}`;
}

function skippedText({ size, error, bytes, offset }: SkippedEvent): string {
  const foreign = guessProtocol(bytes);
  if (foreign !== null) return `${size} bytes at ${offset} are not transport frames but ${foreign}`;
  const reason = error === null ? 'not the beginning of a frame' : oneLine(error.message);
  return `${size} bytes at ${offset} skipped: ${reason}`;
}

function headline({ bytes, missing, message }: MessageEvent, paint: Paint): string {
  const { header } = message;
  const cut = missing === 0 ? '' : paint('yellow', `  unfinished, ${missing} bytes missing`);
  if (header === null) return `${paint('yellow', 'beginning of a frame')}${cut}`;
  const parts = [
    titleOf(message, paint),
    versionText(header.version),
    `${bytes.length} bytes`,
    ...(header.compressed ? ['compressed'] : []),
  ];
  return `${parts.join('  ')}${cut}`;
}

function titleOf({ header, action }: DissectedMessage, paint: Paint): string {
  const id = String(header?.requestId);
  const name = paint('bold', oneLine(action ?? 'unknown action'));
  const handshake = header?.handshake === true ? 'handshake ' : '';
  if (header?.request === true) return `${paint('cyan', `${handshake}request ${id}`)}  ${name}`;
  const what = header?.error === true ? paint('red', `${handshake}error ${id}`) : paint('green', `${handshake}response ${id}`);
  return `${what} to ${name}`;
}

function addMessageRows(rows: string[], { bytes, message }: MessageEvent, options: Chosen): void {
  const { header, body, problem } = message;
  const headerEnd = header === null ? bytes.length : Math.min(FIXED_HEADER_BYTES + header.variableSize, bytes.length);
  const source = sourceOf(bytes, 0, header?.version ?? 0, options);
  if (header !== null && body !== null) {
    headerRowsOf(options).add(rows, source, header.requestId, message.variableFields, headerEnd);
    addBodyRows(rows, body, message, options);
    return;
  }
  const { fields } = message;
  const read = problem === null ? headerEnd : (fields.at(-1)?.end ?? 0);
  addFieldRows(rows, source, fields, undefined, 0, read);
  if (problem !== null) rows.push(problemText(problem, options), ...dump(bytes.subarray(read), read, options));
}

/** Rows of headers by colours, cut short and whole. */
const headerRows = new WeakMap<Paint, { readonly short: HeaderRows; readonly full: HeaderRows }>();

function headerRowsOf({ paint, full }: Chosen): HeaderRows {
  const known = headerRows.get(paint) ?? { short: new HeaderRows(), full: new HeaderRows() };
  headerRows.set(paint, known);
  return full ? known.full : known.short;
}

function sourceOf(bytes: Buffer, base: number, version: VersionId, { paint, full }: Chosen): RowSource {
  return { bytes, base, version, paint, full };
}

function addBodyRows(rows: string[], body: DissectedBody, { header, action }: DissectedMessage, options: Chosen): void {
  const { bytes, base, fields, schema, exception, problem, rest } = body;
  const inflated =
    header?.compressed === true && base === 0 ? `  inflated to ${bytes.length} bytes, offsets are those of the inflated body` : '';
  const isEmpty = bytes.length === 0 && problem === null;
  rows.push(`  ${options.paint('bold', 'body')}${inflated}${isEmpty ? '  empty' : ''}`);
  if (isEmpty) return;
  const read = base + bytes.length - rest.length;
  if (exception !== null) rows.push(...exceptionText(exception, options.paint, options.full));
  addFieldRows(rows, sourceOf(bytes, base, header?.version ?? 0, options), fields, schema, base, read);
  if (problem !== null) rows.push(problemText(problem, options));
  if (rest.length === 0) return;
  if (problem === null) rows.push(restNote(header?.request === true, action));
  for (const line of dump(rest, read, options)) rows.push(line);
}

function restNote(request: boolean, action: string | null): string {
  if (action !== null) return '  the action is not in the catalogue, its fields are shown as they are:';
  return request ? '  without an action:' : '  its request was not seen (--action NAME tells what it answers):';
}

function problemText(error: TransportError, { paint }: Chosen): string {
  const path = error instanceof DecodeError && error.path.length > 0 ? `${error.path.join('.').replaceAll('.[', '[')}: ` : '';
  return `  ${paint('red', `✗ [${error.code}]`)} ${oneLine(path + error.message)}`;
}

function dump(bytes: Buffer, base: number, { paint, full }: Chosen): string[] {
  return hexdump(bytes, base, '  ', full ? Number.POSITIVE_INFINITY : DUMP_BYTES_SHOWN).map((line) => paint('dim', line));
}
