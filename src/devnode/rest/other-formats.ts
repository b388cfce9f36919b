import { decode as decodeCbor, encode as encodeCbor } from 'cborg';
import { parse as decodeSmile } from 'smile-js';
import { parse as parseYaml } from 'yaml';
import type { Json } from '../../protocol/rest/json.ts';
import { encodeSmile } from '../../protocol/rest/smile.ts';
import type { MediaType } from './media-types.ts';
import { plainValue } from './write-json.ts';
import { writeYaml } from './write-yaml.ts';

type OtherType = Exclude<MediaType, 'application/json'>;

/** Most aliases that a YAML body resolves: a few lines of them can stand for gigabytes. */
const MAX_ALIASES = 50;

/** Keeps the order of members. */
const inOrder = (): number => 0;

/** Returns the bytes of a body in a format other than JSON. @param value in which each RawJson is a number */
export function encodeBody(value: Json, type: OtherType): Uint8Array {
  if (type === 'application/cbor') return encodeCbor(plainValue(value), { ignoreUndefinedProperties: true, mapSorter: inOrder });
  if (type === 'application/smile') return encodeSmile(plainValue(value));
  return Buffer.from(writeYaml(value), 'utf8');
}

/** Returns the value of a body in a format other than JSON. @throws what the parser of the format throws */
export function decodeBody(bytes: Uint8Array, type: OtherType): unknown {
  if (type === 'application/cbor') return decodeCbor(bytes, { allowIndefinite: true });
  if (type === 'application/smile') return decodeSmile(bytes);
  return parseYaml(Buffer.from(bytes).toString('utf8'), { maxAliasCount: MAX_ALIASES });
}
