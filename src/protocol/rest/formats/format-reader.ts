import { readSmile } from '../smile/smile-reader.ts';
import { readCbor } from './cbor-reader.ts';
import { readYaml } from './yaml-reader.ts';

/** A format of bodies that needs more than `JSON.parse`. */
export type OtherFormat = 'yaml' | 'cbor' | 'smile';

const FORMATS: ReadonlyMap<string, OtherFormat> = new Map([
  ['application/yaml', 'yaml'],
  ['application/cbor', 'cbor'],
  ['application/smile', 'smile'],
]);

/** Returns the format of a content type without parameters; undefined for JSON and for any other. */
export function otherFormatOf(contentType: string): OtherFormat | undefined {
  return FORMATS.get(contentType);
}

/**
 * Returns the value of a body.
 *
 * @throws StatusError 400 for a body that does not parse, has more than 1000 levels (YAML: 250), YAML aliases or a member `__proto__`; 413 for YAML that is too long
 */
export type FormatReader = (bytes: Uint8Array) => unknown;

/** Returns the reader of a format. Loads the library of YAML and CBOR. */
export async function formatReader(format: OtherFormat): Promise<FormatReader> {
  switch (format) {
    case 'yaml': {
      const yaml = await import('yaml');
      return (bytes) => readYaml(yaml, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
    }
    case 'cbor': {
      const cborg = await import('cborg');
      return (bytes) => readCbor(cborg, bytes);
    }
    case 'smile':
      return readSmile;
  }
}
