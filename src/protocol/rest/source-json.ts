import { plainSource } from '../action/shared/plain-source.ts';
import { UsageError } from '../error/transport-error.ts';
import { RawJson } from './json.ts';

/**
 * A document for a REST body: its JSON text as it was stored.
 *
 * @throws ERR_USAGE for a document in CBOR, SMILE or YAML: a node would translate it, we do not
 * @throws ERR_DECODE for a compressed document that does not inflate
 */
export function sourceJson(source: Buffer): RawJson {
  const text = plainSource(source).toString('utf8');
  if (!/^\s*\{/.test(text))
    throw new UsageError('ERR_USAGE', {}, 'the source of the document is not JSON; take it from the response itself');
  return new RawJson(text);
}
