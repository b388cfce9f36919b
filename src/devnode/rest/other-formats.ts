import { decode as decodeCbor, encode as encodeCbor } from 'cborg';
import { parse as decodeSmile } from 'smile-js';
import { parse as parseYaml, stringify } from 'yaml';
import { encodeSmile } from '../../protocol/rest/smile.ts';
import type { MediaType } from './media-types.ts';

type OtherType = Exclude<MediaType, 'application/json'>;

/** Most aliases that a YAML body resolves: a few lines of them can stand for gigabytes. */
const MAX_ALIASES = 50;

/** Returns the bytes of a body in a format other than JSON. */
export function encodeBody(value: unknown, type: OtherType): Uint8Array {
  if (type === 'application/cbor') return encodeCbor(value, { ignoreUndefinedProperties: true });
  if (type === 'application/smile') return encodeSmile(value);
  return Buffer.from(yamlText(value), 'utf8');
}

/** Returns the value of a body in a format other than JSON. @throws what the parser of the format throws */
export function decodeBody(bytes: Uint8Array, type: OtherType): unknown {
  if (type === 'application/cbor') return decodeCbor(bytes, { allowIndefinite: true });
  if (type === 'application/smile') return decodeSmile(bytes);
  return parseYaml(Buffer.from(bytes).toString('utf8'), { maxAliasCount: MAX_ALIASES });
}

/** Returns YAML in the form of a node: quoted texts, lists that are not indented. */
function yamlText(value: unknown): string {
  const text = stringify(value, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN', indentSeq: false, lineWidth: 0 });
  return `---\n${text}`;
}
