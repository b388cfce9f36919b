import type { Codec } from '../../protocol/codec/codec.ts';
import { list, map, struct } from '../../protocol/codec/combinators.ts';
import { string } from '../../protocol/codec/primitives.ts';
import {
  FIXED_HEADER_BYTES,
  LENGTH_AT,
  PREFIX_BYTES,
  REQUEST_ID_AT,
  STATUS,
  STATUS_AT,
  VARIABLE_SIZE_AT,
  VERSION_AT,
} from '../../protocol/frame/native/fixed-header.ts';
import { versionText } from '../../protocol/wire/version.ts';
import type { Field } from './field-recorder.ts';

/** What the fixed header says. @see wire-format.md §2 */
export interface FixedHeader {
  readonly requestId: bigint;
  readonly request: boolean;
  readonly error: boolean;
  readonly compressed: boolean;
  readonly handshake: boolean;
  /** Stream version. */
  readonly version: number;
  readonly variableSize: number;
}

/** @param bytes of the frame, 23 at least */
export function readFixedHeader(bytes: Buffer): FixedHeader {
  const status = bytes.readUInt8(STATUS_AT);
  return {
    requestId: bytes.readBigInt64BE(REQUEST_ID_AT),
    request: (status & STATUS.response) === 0,
    error: (status & STATUS.error) !== 0,
    compressed: (status & STATUS.compressed) !== 0,
    handshake: (status & STATUS.handshake) !== 0,
    version: bytes.readInt32BE(VERSION_AT),
    variableSize: bytes.readInt32BE(VARIABLE_SIZE_AT),
  };
}

/** The fixed header as fields, as far as there are bytes. */
export function fixedHeaderFields(bytes: Buffer): Field[] {
  const field = (name: string, offset: number, end: number, value: () => unknown): Field[] =>
    bytes.length < end ? [] : [{ name, offset, end, value: value(), fields: [] }];
  return [
    ...field('marker', 0, LENGTH_AT, () => bytes.toString('latin1', 0, LENGTH_AT)),
    ...field('length', LENGTH_AT, PREFIX_BYTES, () => bytes.readInt32BE(LENGTH_AT)),
    ...field('requestId', REQUEST_ID_AT, STATUS_AT, () => bytes.readBigInt64BE(REQUEST_ID_AT)),
    ...field('status', STATUS_AT, VERSION_AT, () => statusText(bytes.readUInt8(STATUS_AT))),
    ...field('version', VERSION_AT, VARIABLE_SIZE_AT, () => versionText(bytes.readInt32BE(VERSION_AT))),
    ...field('variableHeaderSize', VARIABLE_SIZE_AT, FIXED_HEADER_BYTES, () => bytes.readInt32BE(VARIABLE_SIZE_AT)),
  ];
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

const headers = { requestHeaders: map(string), responseHeaders: map(list(string)) };

/** What the variable header says. Responses have no features and no action. @see wire-format.md §3 */
export interface VariableHeaderValue {
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseHeaders: Readonly<Record<string, readonly string[]>>;
  readonly features?: readonly string[];
  readonly action?: string;
}

/** The variable header of requests, with traces. */
export const requestHeader: Codec<VariableHeaderValue, never> = struct({ ...headers, features: list(string), action: string });

/** The variable header of responses, with traces. */
export const responseHeader: Codec<VariableHeaderValue, never> = struct(headers);
