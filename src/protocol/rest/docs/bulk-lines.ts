import type { BulkItemInit } from '../../action/docs/bulk-item.ts';
import { StatusError } from '../../error/status-error.ts';
import { illegalArgument } from '../refusals.ts';
import { type BulkDefaults, type Metadata, metadataOf } from './bulk-metadata.ts';
import { updateBodyFrom } from './update-body.ts';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Reads a bulk body: a line of metadata, and for all but deletions a line with the document or the update, each ended by a newline. Documents
 * stay the bytes they are.
 *
 * @param contentType of the documents
 * @memory items hold views of the body
 * @throws StatusError 400, naming the line, or for items without an index
 * @see `BulkRequestParser` of OpenSearch
 */
export function bulkItemsFrom(body: Uint8Array, defaults: BulkDefaults, contentType: string): BulkItemInit[] {
  const lines = new Lines(body);
  const items: BulkItemInit[] = [];
  let nowhere = 0;
  for (;;) {
    lines.skipEmpty();
    const line = lines.next();
    if (line === undefined) break;
    const [operation, metadata] = metadataOf(line.toString('utf8'), lines.number, defaults);
    if (metadata.index === undefined) nowhere++;
    if (operation === 'delete') items.push({ kind: 'delete', ...writeOf(metadata), id: metadata.id ?? '' });
    else {
      const content = lines.next();
      if (content === undefined) break;
      items.push(
        operation === 'update' ? updateItem(metadata, content.toString('utf8')) : indexItem(operation, metadata, content, contentType),
      );
    }
  }
  if (nowhere === 0) return items;
  // A node checks this when it validates the request. It is checked here because the wire has no form for a missing index.
  const each = Array.from({ length: nowhere }, (_, at) => `${at + 1}: index is missing;`);
  throw new StatusError(400, 'action_request_validation_exception', `Validation Failed: ${each.join('')}`);
}

/** The lines of a body, one at a time: a body may have as many as it has bytes. */
class Lines {
  /** Number of the line that was read last, from 1. */
  number = 0;
  readonly #bytes: Buffer;
  #start = 0;

  /** @throws StatusError 400 if the last line has no newline */
  constructor(body: Uint8Array) {
    this.#bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    if (this.#bytes.length > 0 && this.#bytes.at(-1) !== NEWLINE)
      throw illegalArgument('The bulk request must be terminated by a newline [\\n]');
  }

  /** Leaves out lines without a character. */
  skipEmpty(): void {
    const bytes = this.#bytes;
    let at = this.#start;
    for (; at < bytes.length; at++, this.number++) {
      if (bytes[at] === CARRIAGE_RETURN && bytes[at + 1] === NEWLINE) at++;
      else if (bytes[at] !== NEWLINE) break;
    }
    this.#start = at;
  }

  /** Reads a line, without its end; undefined after the last. */
  next(): Buffer | undefined {
    const start = this.#start;
    const end = this.#bytes.indexOf(NEWLINE, start);
    if (end === -1) return undefined;
    this.#start = end + 1;
    this.number++;
    const isCrLf = end > start && this.#bytes[end - 1] === CARRIAGE_RETURN;
    return this.#bytes.subarray(start, isCrLf ? end - 1 : end);
  }
}

/** What deletions and index operations have in common. */
function writeOf({ index = '', routing, version, versionType, ifSeqNo, ifPrimaryTerm }: Metadata) {
  return { index, routing, version, versionType, ifSeqNo, ifPrimaryTerm };
}

function indexItem(operation: 'create' | 'index', metadata: Metadata, source: Buffer, contentType: string): BulkItemInit {
  const { id, pipeline, requireAlias } = metadata;
  const isCreate = operation === 'create' || metadata.opType === 'create';
  return { kind: 'index', ...writeOf(metadata), id, pipeline, requireAlias, source, contentType, opType: isCreate ? 'CREATE' : 'INDEX' };
}

/** What both say, the body decides, but for the source. */
function updateItem(
  { index = '', id = '', pipeline, version, versionType, opType: _opType, ...metadata }: Metadata,
  text: string,
): BulkItemInit {
  if (version !== undefined || versionType !== undefined) {
    throw illegalArgument('Update requests do not support versioning. Please use `if_seq_no` and `if_primary_term` instead');
  }
  const { upsert, ...body } = updateBodyFrom(text);
  const fetchSource = metadata.fetchSource ?? body.fetchSource;
  return { kind: 'update', index, id, ...metadata, ...body, fetchSource, ...(upsert ? { upsert: { ...upsert, pipeline } } : {}) };
}
