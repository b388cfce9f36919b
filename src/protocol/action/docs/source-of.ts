import { DecodeError, UsageError } from '../../error/transport-error.ts';
import { plainSource } from '../shared/plain-source.ts';

/**
 * Returns the document of a get response, or of the `getResult` of an update response, parsed from its JSON source; null if it does not exist or
 * its source was not asked for.
 *
 * The type is the caller's promise: nothing checks that the document has it. Numbers beyond 2⁵³ lose digits, as with every `JSON.parse`; parse
 * `result.source` yourself to keep them.
 *
 * @example const book = docs.sourceOf<Book>(await client.call(docs.get, { index: 'books', id: '1' }));
 * @throws ERR_DECODE if the source is not JSON: a document may also be indexed as CBOR, SMILE or YAML
 * @throws ERR_USAGE if the result has no `source`, as a whole update response
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- what `JSON.parse(…) as Book` would say at every call
export function sourceOf<Document = unknown>(result: { readonly source: Uint8Array | null }): Document | null {
  const source = (result as { readonly source?: unknown } | null | undefined)?.source;
  if (source === null) return null;
  if (!(source instanceof Uint8Array)) {
    throw new UsageError('ERR_USAGE', {}, 'expected a get response, or the getResult of an update response, got a value without a source');
  }
  const text = plainSource(source).toString('utf8');
  try {
    return JSON.parse(text) as Document;
  } catch (error) {
    throw new DecodeError('ERR_DECODE', { path: ['source'], cause: error }, `the source is not JSON: ${(error as Error).message}`);
  }
}
