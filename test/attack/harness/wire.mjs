// Bytes of the protocol, written by hand: nothing here uses the encoder of the package, so that every part can be wrong.
import { constants, deflateRawSync } from 'node:zlib';

export const KIB = 1024;
export const MIB = 1024 * 1024;
export const V_2_19_0 = 136_407_827;
export const V_3_9_0 = 137_307_827;
export const PING = Buffer.from('4553ffffffff', 'hex');
export const STATUS = { response: 1, error: 2, compressed: 4, handshake: 8 };

const FIXED_HEADER_BYTES = 23;
const DEFLATE_MAGIC = Buffer.from('44464c00', 'hex');
const NO_BYTES = Buffer.alloc(0);

/** Returns a frame. `announced` is a number of body bytes that the length field claims beyond those that are there. */
export function frame({ id = 1, status = 0, version = V_2_19_0, variable = NO_BYTES, body = NO_BYTES, announced = 0 }) {
  const bytes = Buffer.alloc(FIXED_HEADER_BYTES + variable.length + body.length);
  bytes.write('ES', 'latin1');
  bytes.writeInt32BE(bytes.length - 6 + announced, 2);
  bytes.writeBigInt64BE(BigInt(id), 6);
  bytes[14] = status;
  bytes.writeInt32BE(version, 15);
  bytes.writeInt32BE(variable.length, 19);
  bytes.set(variable, FIXED_HEADER_BYTES);
  bytes.set(body, FIXED_HEADER_BYTES + variable.length);
  return bytes;
}

/** Returns the frame of a request: its body is the empty parent task and `fields`, or `rawBody`. */
export function request(action, fields = NO_BYTES, { headers = [], rawBody, ...parts } = {}) {
  const variable = Buffer.concat([
    vInt(headers.length),
    ...headers.flatMap(([name, value]) => [str(name), str(value)]),
    Buffer.of(0, 0),
    str(action),
  ]);
  return frame({ variable, body: rawBody ?? Buffer.concat([Buffer.of(0), fields]), ...parts });
}

/** Returns the frame of a request whose body is compressed. @param body with the parent task, compressed with {@link deflated} */
export function compressedRequest(action, body, parts = {}) {
  return request(action, NO_BYTES, { ...parts, rawBody: body, status: STATUS.compressed });
}

/** Returns the frame of a response. */
export function response(id, body = NO_BYTES, status = 0, version = V_2_19_0) {
  return frame({ id, status: STATUS.response | status, version, variable: Buffer.of(0, 0), body });
}

/** Returns a copy of a frame with another request id. */
export function withId(bytes, id) {
  const copy = Buffer.from(bytes);
  copy.writeBigInt64BE(BigInt(id), 6);
  return copy;
}

export function vInt(value) {
  const bytes = [];
  let rest = value >>> 0;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}

/** Returns a string of ASCII characters as it is on the wire. */
export function str(text) {
  return Buffer.concat([vInt(text.length), Buffer.from(text, 'latin1')]);
}

/** Returns bytes with their length in front. */
export function sized(bytes) {
  return Buffer.concat([vInt(bytes.length), bytes]);
}

/** An empty block of DEFLATE: five bytes that inflate to nothing. */
const EMPTY_BLOCK = Buffer.from('000000ffff', 'hex');

/** A little less than what the default limit on inflating allows. */
const ALLOWED_RATIO = 240;

/** Returns a body as compressed frames carry it, as small as can be. */
export function deflated(body) {
  return Buffer.concat([DEFLATE_MAGIC, deflateRawSync(body, { level: constants.Z_BEST_COMPRESSION })]);
}

/** Returns a compressed body that inflates to no more times its size than the default limit allows: bytes that mean nothing are put in front. */
export function deflatedWithinRatio(body) {
  const small = deflated(body);
  return Buffer.concat([DEFLATE_MAGIC, paddingFor(body.length, small.length), small.subarray(DEFLATE_MAGIC.length)]);
}

/** Returns blocks that inflate to nothing, as many as keep a stream within the default limit. */
export function paddingFor(inflatedBytes, compressedBytes) {
  const missing = Math.max(0, inflatedBytes / ALLOWED_RATIO - compressedBytes);
  return Buffer.alloc(Math.ceil(missing / EMPTY_BLOCK.length) * EMPTY_BLOCK.length, EMPTY_BLOCK);
}

/**
 * Returns the compressed body of `head`, then `unit` repeated up to about `bytes` in all, within the ratio that the default limit allows.
 *
 * @param count how often the unit is repeated, for the count in front of it
 */
export function bombOf(unit, bytes, head) {
  const count = Math.floor(bytes / unit.length);
  const start = head(count);
  const body = Buffer.alloc(start.length + count * unit.length);
  body.set(start);
  body.fill(unit, start.length);
  return deflatedWithinRatio(body);
}

/** The body of a TCP handshake request of 2.19.0: no parent task, then the version in a byte array. */
const HANDSHAKE_FIELDS = sized(vInt(V_2_19_0));

/** The first message of a node. */
export function handshake(id = 1) {
  return request('internal:tcp/handshake', HANDSHAKE_FIELDS, { id, status: STATUS.handshake });
}

/** The second message of a node. */
export function transportHandshake(id = 2) {
  return request('internal:transport/handshake', NO_BYTES, { id });
}

/** Splits received bytes into frames, and knows of a frame what an attacker needs. Long bodies are not kept. */
export class FrameSplitter {
  #onFrame;
  #pending = NO_BYTES;
  #skip = 0;

  constructor(onFrame) {
    this.#onFrame = onFrame;
  }

  push(chunk) {
    let bytes = chunk;
    if (this.#skip > 0) {
      const skipped = Math.min(this.#skip, bytes.length);
      this.#skip -= skipped;
      bytes = bytes.subarray(skipped);
    }
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    while (this.#next());
  }

  #next() {
    const bytes = this.#pending;
    if (bytes.length < 6) return false;
    const length = bytes.readInt32BE(2);
    if (length < 0) {
      this.#pending = bytes.subarray(6);
      this.#onFrame({ ping: true });
      return true;
    }
    const total = 6 + length;
    if (bytes.length < Math.min(total, FIXED_HEADER_BYTES)) return false;
    // A request is looked into; of a response only the head matters.
    const status = bytes[14];
    const isRequest = (status & STATUS.response) === 0;
    if (isRequest && bytes.length < total) return false;
    const id = bytes.readBigInt64BE(6);
    const found = { ping: false, id, status, length: total, action: isRequest ? actionOf(bytes.subarray(0, total)) : null };
    if (bytes.length >= total) this.#pending = bytes.subarray(total);
    else {
      this.#skip = total - bytes.length;
      this.#pending = NO_BYTES;
    }
    this.#onFrame(found);
    return true;
  }
}

/** The action of a request: the last string of its variable header. */
function actionOf(bytes) {
  const header = bytes.subarray(FIXED_HEADER_BYTES, FIXED_HEADER_BYTES + bytes.readInt32BE(19));
  const cursor = { at: 0 };
  for (let left = readVInt(header, cursor); left > 0; left--) {
    skipStr(header, cursor);
    skipStr(header, cursor);
  }
  for (let left = readVInt(header, cursor); left > 0; left--) {
    skipStr(header, cursor);
    for (let values = readVInt(header, cursor); values > 0; values--) skipStr(header, cursor);
  }
  for (let left = readVInt(header, cursor); left > 0; left--) skipStr(header, cursor);
  const length = readVInt(header, cursor);
  return header.toString('latin1', cursor.at, cursor.at + length);
}

function skipStr(bytes, cursor) {
  const length = readVInt(bytes, cursor);
  cursor.at += length;
}

function readVInt(bytes, cursor) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[cursor.at++] ?? 0;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value >>> 0;
  }
}
