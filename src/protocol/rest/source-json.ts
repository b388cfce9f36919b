import { plainSource } from '../action/shared/plain-source.ts';
import { UsageError } from '../error/transport-error.ts';
import { RawJson } from './json.ts';

/**
 * Returns a document for a REST body: its JSON text as it was stored.
 *
 * @throws ERR_USAGE for a document in CBOR, SMILE or YAML, which a node translates
 * @throws ERR_DECODE for a compressed document that does not inflate
 */
export function sourceJson(source: Buffer): RawJson {
  const text = plainSource(source).toString('utf8');
  if (!/^\s*\{/.test(text))
    throw new UsageError(
      'ERR_USAGE',
      {},
      'cannot show the source of the document in REST: it is not JSON; read `source` of the response instead',
    );
  return new RawJson(text);
}
