import type * as Cborg from 'cborg';
import { checkLevel, checkMember, MAX_INTEGER_BYTES } from '../parsed-body.ts';
import { parseFailure } from '../refusals.ts';

/** Reads CBOR. Integers that a number cannot hold become bigints. @throws StatusError 400 */
export function readCbor({ decode }: typeof Cborg, bytes: Uint8Array): unknown {
  const integer = (value: unknown): bigint => {
    if (!(value instanceof Uint8Array) || value.length > MAX_INTEGER_BYTES)
      throw new TypeError(`the integer of a tag must be at most ${MAX_INTEGER_BYTES} bytes`);
    return BigInt(`0x0${Buffer.from(value).toString('hex')}`);
  };
  // 2 and 3 are large integers, 55799 says that a document is CBOR.
  const tags = {
    2: (read: () => unknown) => integer(read()),
    3: (read: () => unknown) => -1n - integer(read()),
    55799: (read: () => unknown) => read(),
  };
  let value: unknown;
  try {
    value = decode(bytes, { useMaps: true, tags });
  } catch (cause) {
    throw parseFailure(`the request body is not CBOR: ${(cause as Error).message}`, cause);
  }
  return plain(value, 0);
}

/** Makes objects of maps: only here are their keys checked. */
function plain(value: unknown, level: number): unknown {
  if (value instanceof Map || Array.isArray(value)) checkLevel(level + 1);
  if (Array.isArray(value)) return value.map((item) => plain(item, level + 1));
  if (!(value instanceof Map)) return value === undefined ? null : value;
  const members: Record<string, unknown> = {};
  for (const [name, item] of value as Map<unknown, unknown>) {
    if (typeof name !== 'string') throw parseFailure(`the request body must have strings as names of members, got a ${typeof name}`);
    checkMember(name);
    members[name] = plain(item, level + 1);
  }
  return members;
}
