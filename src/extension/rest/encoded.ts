import { reasonOf } from '../../protocol/error/reason-of.ts';
import { UsageError } from '../../protocol/error/transport-error.ts';
import { writeSmile } from '../../protocol/rest/smile/smile-writer.ts';
import { ExtensionResponse, json, type ResponseOptions } from './response.ts';

/** A format of bodies that OpenSearch has. */
export type BodyFormat = 'json' | 'yaml' | 'cbor' | 'smile';

/**
 * Makes an answer in one of OpenSearch's formats. YAML and CBOR load their libraries when they are first used.
 *
 * @example ext.get('/notes', ({ query }) => encoded(notes, query.text('format', { oneOf: ['json', 'yaml'], default: 'json' })));
 * @throws ERR_USAGE for an unknown format, for a value that the format cannot hold, and as `response()`
 */
export async function encoded(value: unknown, format: BodyFormat, options: ResponseOptions = {}): Promise<ExtensionResponse> {
  if (format === 'json') return json(value, options);
  const write = WRITERS[format] as ((value: unknown) => Promise<string | Uint8Array>) | undefined;
  if (write === undefined) throw new UsageError('ERR_USAGE', {}, `format must be json, yaml, cbor or smile, got '${String(format)}'`);
  let body: string | Uint8Array;
  try {
    body = await write(value);
  } catch (cause) {
    throw new UsageError('ERR_USAGE', { cause }, `cannot write the answer as ${format}: ${reasonOf(cause)}`);
  }
  return new ExtensionResponse({ ...options, body, contentType: `application/${format}` });
}

const WRITERS: Readonly<Record<Exclude<BodyFormat, 'json'>, (value: unknown) => Promise<string | Uint8Array>>> = {
  yaml: async (value) => {
    const { stringify } = await import('yaml');
    return `---\n${stringify(value, { lineWidth: 0, aliasDuplicateObjects: false, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' })}`;
  },
  cbor: async (value) => {
    const { encode } = await import('cborg');
    return encode(value, { ignoreUndefinedProperties: true });
  },
  smile: async (value) => writeSmile(value),
};
