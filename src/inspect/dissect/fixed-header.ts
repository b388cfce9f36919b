import {
  FIXED_HEADER_BYTES,
  LENGTH_AT,
  PREFIX_BYTES,
  REQUEST_ID_AT,
  STATUS,
  STATUS_AT,
  VARIABLE_SIZE_AT,
  VERSION_AT,
  wideId,
} from '../../protocol/frame/native/fixed-header.ts';
import { versionText } from '../../protocol/wire/version.ts';
import type { DissectedField } from './field-recorder.ts';

/** A request id: a number up to 2⁵³, a bigint beyond. */
export type RequestId = number | bigint;

/** The fixed header of a frame. @see wire-format.md §2 */
export interface FixedHeader {
  readonly requestId: RequestId;
  readonly request: boolean;
  readonly error: boolean;
  readonly compressed: boolean;
  readonly handshake: boolean;
  /** Stream version. */
  readonly version: number;
  readonly variableSize: number;
}

/** Reads the fixed header. @param bytes of the frame, 23 at least */
export function readFixedHeader(bytes: Buffer): FixedHeader {
  const status = bytes.readUInt8(STATUS_AT);
  return {
    requestId: readRequestId(bytes),
    request: (status & STATUS.response) === 0,
    error: (status & STATUS.error) !== 0,
    compressed: (status & STATUS.compressed) !== 0,
    handshake: (status & STATUS.handshake) !== 0,
    version: bytes.readInt32BE(VERSION_AT),
    variableSize: bytes.readInt32BE(VARIABLE_SIZE_AT),
  };
}

/** The request id of a frame. */
function readRequestId(bytes: Buffer): RequestId {
  const high = bytes.readInt32BE(REQUEST_ID_AT);
  const low = bytes.readInt32BE(REQUEST_ID_AT + 4);
  const id = wideId(high, low);
  return Number.isNaN(id) ? bytes.readBigInt64BE(REQUEST_ID_AT) : id;
}

/** The fixed header as fields, as far as there are bytes. */
export function fixedHeaderFields(bytes: Buffer): DissectedField[] {
  const fields: DissectedField[] = [];
  const { length } = bytes;
  if (length >= LENGTH_AT) fields.push(field('marker', 0, LENGTH_AT, bytes.toString('latin1', 0, LENGTH_AT)));
  if (length >= PREFIX_BYTES) fields.push(field('length', LENGTH_AT, PREFIX_BYTES, bytes.readInt32BE(LENGTH_AT)));
  if (length >= STATUS_AT) fields.push(field('requestId', REQUEST_ID_AT, STATUS_AT, readRequestId(bytes)));
  if (length >= VERSION_AT) fields.push(field('status', STATUS_AT, VERSION_AT, statusText(bytes.readUInt8(STATUS_AT))));
  if (length >= VARIABLE_SIZE_AT) fields.push(field('version', VERSION_AT, VARIABLE_SIZE_AT, versionText(bytes.readInt32BE(VERSION_AT))));
  if (length >= FIXED_HEADER_BYTES)
    fields.push(field('variableHeaderSize', VARIABLE_SIZE_AT, FIXED_HEADER_BYTES, bytes.readInt32BE(VARIABLE_SIZE_AT)));
  return fields;
}

function field(name: string, offset: number, end: number, value: unknown): DissectedField {
  return { name, offset, end, value, fields: [] };
}

/** `compressed handshake request` */
function statusText(status: number): string {
  const words = [
    (status & STATUS.compressed) === 0 ? '' : 'compressed',
    (status & STATUS.handshake) === 0 ? '' : 'handshake',
    (status & STATUS.error) === 0 ? '' : 'error',
    (status & STATUS.response) === 0 ? 'request' : 'response',
  ];
  return words.filter((word) => word !== '').join(' ');
}
