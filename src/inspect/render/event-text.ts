import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { DecodeError, type TransportError } from '../../protocol/error/transport-error.ts';
import { FIXED_HEADER_BYTES } from '../../protocol/frame/native/fixed-header.ts';
import { versionText } from '../../protocol/wire/version.ts';
import type { Sighting } from '../conversation/conversation.ts';
import { exceptionText } from './exception-text.ts';
import { fieldRows, type RowSource } from './field-rows.ts';
import { foreignProtocol } from '../conversation/other-protocol.ts';
import { hexdump } from './hexdump.ts';
import type { BodyReading, MessageReading } from '../dissect/dissect-message.ts';

/** How sightings are shown. */
export interface TextOptions {
  readonly paint: Paint;
  /** Shows long values and dumps whole. */
  readonly full: boolean;
  /** Shows the headline of a message only. */
  readonly brief?: boolean;
}

const DUMP_BYTES_SHOWN = 512;

/** A sighting as lines of text. */
export function sightingText(sighting: Sighting, options: TextOptions): string {
  const { paint } = options;
  const where = placeText(sighting, paint);
  switch (sighting.kind) {
    case 'ping':
      return `${where}${paint('magenta', 'ping')}`;
    case 'gap':
      return `${where}${paint('yellow', `gap: ${sighting.size} bytes are not in the capture`)}`;
    case 'skipped':
      return [`${where}${paint('yellow', skippedText(sighting))}`, ...dump(sighting.bytes, sighting.offset, options)].join('\n');
    case 'message':
      return [`${where}${headline(sighting, paint)}`, ...(options.brief === true ? [] : messageRows(sighting, options))].join('\n');
  }
}

function placeText({ connection, from, to, timeNs }: Sighting, paint: Paint): string {
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

function skippedText({ size, error, bytes, offset }: Extract<Sighting, { kind: 'skipped' }>): string {
  const foreign = foreignProtocol(bytes);
  if (foreign !== null) return `${size} bytes at ${offset} are no transport frames but ${foreign}`;
  const reason = error === null ? 'no frame begins there' : printable(error.message);
  return `${size} bytes at ${offset} skipped: ${reason}`;
}

function headline({ bytes, missing, message }: Extract<Sighting, { kind: 'message' }>, paint: Paint): string {
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

function titleOf({ header, action }: MessageReading, paint: Paint): string {
  const id = String(header?.requestId);
  const name = paint('bold', printable(action ?? 'unknown action'));
  const handshake = header?.handshake === true ? 'handshake ' : '';
  if (header?.request === true) return `${paint('cyan', `${handshake}request ${id}`)}  ${name}`;
  const what = header?.error === true ? paint('red', `${handshake}error ${id}`) : paint('green', `${handshake}response ${id}`);
  return `${what} to ${name}`;
}

function messageRows({ bytes, message }: Extract<Sighting, { kind: 'message' }>, options: TextOptions): string[] {
  const { header, fields, body } = message;
  const headerEnd = header === null ? bytes.length : Math.min(FIXED_HEADER_BYTES + header.variableSize, bytes.length);
  const source: RowSource = { ...options, bytes, base: 0, version: header?.version ?? 0 };
  const read = message.problem === null ? headerEnd : (fields.at(-1)?.end ?? 0);
  const rows = fieldRows(source, fields, undefined, 0, read);
  if (message.problem !== null) return [...rows, problemText(message.problem, options), ...dump(bytes.subarray(read), read, options)];
  return body === null ? rows : [...rows, ...bodyRows(body, message, options)];
}

function bodyRows(body: BodyReading, { header, action }: MessageReading, options: TextOptions): string[] {
  const { bytes, base, fields, schema, exception, problem, rest } = body;
  const inflated =
    header?.compressed === true && base === 0 ? `  inflated to ${bytes.length} bytes, offsets are those of the inflated body` : '';
  const what = `  ${options.paint('bold', 'body')}${inflated}`;
  if (bytes.length === 0 && problem === null) return [`${what}  empty`];
  const read = base + bytes.length - rest.length;
  const source: RowSource = { ...options, bytes, base, version: header?.version ?? 0 };
  return [
    what,
    ...(exception === null ? [] : exceptionText(exception, options.paint, options.full)),
    ...fieldRows(source, fields, schema, base, read),
    ...(problem === null ? [] : [problemText(problem, options)]),
    ...(rest.length === 0 ? [] : [...(problem === null ? [restNote(header?.request === true, action)] : []), ...dump(rest, read, options)]),
  ];
}

function restNote(request: boolean, action: string | null): string {
  if (action !== null) return '  the action is not in the catalogue, its fields are shown as they are:';
  return request ? '  without an action:' : '  its request was not seen (--action NAME tells what it answers):';
}

function problemText(error: TransportError, { paint }: TextOptions): string {
  const path = error instanceof DecodeError && error.path.length > 0 ? `${error.path.join('.').replaceAll('.[', '[')}: ` : '';
  return `  ${paint('red', `✗ [${error.code}]`)} ${printable(path + error.message)}`;
}

function dump(bytes: Buffer, base: number, { paint, full }: TextOptions): string[] {
  return hexdump(bytes, base, '  ', full ? Number.POSITIVE_INFINITY : DUMP_BYTES_SHOWN).map((line) => paint('dim', line));
}
