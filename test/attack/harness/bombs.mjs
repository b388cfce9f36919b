// Bodies that are small on the wire and large when they are read.
import { constants, deflateRawSync } from 'node:zlib';
import { load } from './demo-actions.mjs';
import { initialisation } from './demo-node.mjs';
import { bombOf, MIB, sized, str, V_2_19_0, vInt } from './wire.mjs';

/** `present, key 8 (EOFException), no message, no frames, no suppressed`: five bytes that become an object with five containers. */
const SMALLEST_EXCEPTION = Buffer.from('0108000000', 'hex');

/** An exception of OpenSearch with a message of one character and no cause. */
const ERROR_HEAD = Buffer.concat([Buffer.from('0100', 'hex'), vInt(68), Buffer.of(1), str('x'), Buffer.of(0)]);

/** A compressed error body whose suppressed exceptions fill so many bytes. */
export function suppressedBomb(bytes) {
  return bombOf(SMALLEST_EXCEPTION, bytes, (count) => Buffer.concat([ERROR_HEAD, Buffer.of(0), vInt(count)]));
}

/** A compressed error body whose stack frames fill so many bytes: four bytes each. */
export function frameBomb(bytes) {
  return bombOf(Buffer.alloc(4), bytes, (count) => Buffer.concat([ERROR_HEAD, vInt(count)]));
}

/** A compressed list of points, three bytes each: an object and an empty list. @param before the list */
export function pointsBomb(bytes, before = Buffer.alloc(0)) {
  return bombOf(Buffer.alloc(3), bytes, (count) => Buffer.concat([before, vInt(count)]));
}

/** The size of a bomb: beyond what a default limit lets through in a full run, small enough for a short one otherwise. */
export function bombBytes({ isQuick }) {
  return (isQuick ? 16 : 96) * MIB;
}

/** The body, without parent task, of the request that initialises an extension. */
export async function initialiseFields(folder, names) {
  const { encode } = await load(folder, 'index.js');
  const { extension } = await load(folder, 'actions.js');
  return encode(extension.initialize.request, initialisation('attacker', V_2_19_0, names), { version: V_2_19_0 });
}

/** Splices compressed parts: each is compressed once, in full, so that only what differs between bodies is compressed again. */
export function flushed(bytes, isLast = false) {
  return deflateRawSync(bytes, { level: 9, finishFlush: isLast ? constants.Z_FINISH : constants.Z_FULL_FLUSH });
}

export { sized };
