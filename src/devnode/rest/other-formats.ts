import { encode as encodeCbor } from 'cborg';
import type { Json } from '../../protocol/rest/json.ts';
import { writeSmile } from '../../protocol/rest/smile/smile-writer.ts';
import type { MediaType } from './media-types.ts';
import { plainValue } from './write-json.ts';
import { writeYaml } from './write-yaml.ts';

type OtherType = Exclude<MediaType, 'application/json'>;

/** Keeps the order of members. */
const inOrder = (): number => 0;

/** Returns the bytes of a body in a format other than JSON. @param value in which each RawJson is a number */
export function encodeBody(value: Json, type: OtherType): Uint8Array {
  if (type === 'application/cbor') return encodeCbor(plainValue(value), { ignoreUndefinedProperties: true, mapSorter: inOrder });
  if (type === 'application/smile') return writeSmile(plainValue(value));
  return Buffer.from(writeYaml(value), 'utf8');
}
