import { StatusError } from '../../protocol/error/status-error.ts';
import { isObject } from '../../protocol/rest/body.ts';
import { mapperParsing } from './errors.ts';

type Parse = (bytes: Uint8Array) => unknown;

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');

const LOADERS: Readonly<Record<string, () => Promise<Parse>>> = {
  'application/yaml': async () => {
    const { parse } = await import('yaml');
    return (bytes) => parse(textOf(bytes), { maxAliasCount: 100 });
  },
  'application/cbor': async () => {
    const { decode } = await import('cborg');
    return (bytes) => decode(bytes);
  },
  'application/smile': async () => {
    const { parse } = await import('smile-js');
    return (bytes) => parse(bytes);
  },
};

/** Reads documents in the content types of OpenSearch. The libraries for those that are not JSON are loaded when they are first needed. */
export class SourceFormats {
  readonly #parsers = new Map<string, Parse>([['application/json', (bytes) => JSON.parse(textOf(bytes))]]);

  /** Returns whether documents of this content type can be parsed at once; if not, wait for {@link load}. */
  isReady(contentType: string): boolean {
    return this.#parsers.has(contentType) || !Object.hasOwn(LOADERS, contentType);
  }

  /** Loads what a content type needs. */
  async load(contentType: string): Promise<void> {
    const loader = this.isReady(contentType) ? undefined : LOADERS[contentType];
    if (loader !== undefined) this.#parsers.set(contentType, await loader());
  }

  /**
   * Parses a document.
   *
   * @param contentType one that {@link isReady}
   * @throws StatusError 400 in a node's words if it is not an object
   */
  parse(source: Uint8Array, contentType: string): Readonly<Record<string, unknown>> {
    let value: unknown;
    try {
      value = this.#parsers.get(contentType)?.(source);
    } catch (error) {
      if (contentType === 'application/json' && source[firstOf(source)] === OPENING_BRACE)
        throw mapperParsing('failed to parse', jsonFailure(error));
    }
    if (isObject(value)) return value;
    throw mapperParsing('failed to parse', notContent());
  }

  /** Parses the body of a request other than a document. @throws StatusError 400 if it is not an object */
  parseBody(body: Uint8Array, contentType: string): Readonly<Record<string, unknown>> {
    let value: unknown;
    try {
      value = this.#parsers.get(contentType)?.(body);
    } catch (error) {
      throw new StatusError(400, 'json_parse_exception', (error as Error).message);
    }
    if (isObject(value)) return value;
    throw new StatusError(400, 'parsing_exception', 'Expected [START_OBJECT] but found another token');
  }
}

function notContent(): StatusError {
  const why = 'Compressor detection can only be called on some xcontent bytes or compressed xcontent bytes';
  return new StatusError(500, 'not_x_content_exception', why);
}

const OPENING_BRACE = 0x7b;
const SPACE = 0x20;

function firstOf(source: Uint8Array): number {
  const at = source.findIndex((byte) => byte > SPACE);
  return at === -1 ? 0 : at;
}

function jsonFailure(error: unknown): StatusError {
  return new StatusError(500, 'json_parse_exception', (error as Error).message);
}
