import { V_2_19_0 } from '../../src/protocol/wire/version.ts';

/** A frame byte by byte, so that each part can be wrong. Nothing here uses the encoder under test. */
export interface RawFrame {
  readonly id?: bigint;
  readonly status?: number;
  readonly version?: number;
  readonly variable?: Uint8Array;
  readonly body?: Uint8Array;
  /** What the length field says. @default the truth */
  readonly length?: number;
  /** What the variable header size says. @default the truth */
  readonly variableSize?: number;
}

/** Two empty maps: the variable header of a response. */
const RESPONSE_HEADER: Buffer = Buffer.from('0000', 'hex');

/** The bytes of a frame. */
export function rawFrame(frame: RawFrame = {}): Buffer {
  const { id = 1n, status = 1, version = V_2_19_0, variable = RESPONSE_HEADER, body = Buffer.alloc(0) } = frame;
  const bytes = Buffer.alloc(23 + variable.length + body.length);
  bytes.write('ES', 'latin1');
  bytes.writeInt32BE(frame.length ?? bytes.length - 6, 2);
  bytes.writeBigInt64BE(BigInt.asIntN(64, id), 6);
  bytes[14] = status;
  bytes.writeInt32BE(version, 15);
  bytes.writeInt32BE(frame.variableSize ?? variable.length, 19);
  bytes.set(variable, 23);
  bytes.set(body, 23 + variable.length);
  return bytes;
}

/** Variable header of a request without headers and features. */
export function requestHeader(action: string): Buffer {
  return Buffer.concat([Buffer.of(0, 0, 0), vInt(action.length), Buffer.from(action, 'latin1')]);
}

/** A vInt, by the book. */
export function vInt(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value >>> 0;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}
