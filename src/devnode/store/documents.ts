import type { FetchSourceContext } from '../../protocol/action/shared/fetch-source.ts';
import type { RefreshPolicy } from '../../protocol/action/shared/refresh-policy.ts';
import type { GetRequest, GetResponse } from '../../protocol/action/docs/get.ts';
import type { IndexRequest } from '../../protocol/action/docs/index-request.ts';
import type { DeleteRequest } from '../../protocol/action/docs/delete-request.ts';
import type { UpdateRequest } from '../../protocol/action/docs/update-request.ts';
import type { UpdateResponse } from '../../protocol/action/docs/update-document.ts';
import type { DocWriteResponse, OpType, WriteResult } from '../../protocol/action/shared/doc-write.ts';
import type { GetResult } from '../../protocol/action/shared/get-result.ts';
import { UNASSIGNED_SEQ_NO } from '../../protocol/action/shared/version-type.ts';
import { plainSource } from '../../protocol/action/shared/plain-source.ts';
import { toGeneric } from '../../protocol/codec/generic-natural.ts';
import { renderJson } from '../../protocol/rest/json.ts';
import { type DocumentStore, newId } from './document-store.ts';
import { indexNotFound } from '../endpoints/index-names.ts';
import { aliasRequired, documentMissing, unsupported, validationFailed, versionConflict } from './errors.ts';
import { isAlias, readIndex, writeIndex } from './index-names.ts';
import { type Condition, type IndexStore, PRIMARY_TERM, type Written } from './index-store.ts';
import { merge } from './merge.ts';
import type { StoredDocument } from './segment.ts';
import { filterSource, wantsAll } from './source-filter.ts';
import { deleteFailures, indexFailures, updateFailures } from './validation.ts';

/** The version of a request that asks for none. */
const MATCH_ANY = -3;
const JSON_TYPE = 'application/json';

/** Reads, writes, changes and deletes documents by id, as the actions of OpenSearch do. The formats of the sources must be ready. */
export class Documents {
  readonly #store: DocumentStore;

  constructor(store: DocumentStore) {
    this.#store = store;
  }

  /** @throws StatusError 404 for an index that does not exist, 409 for another version than asked for */
  get(request: GetRequest): GetResponse {
    const { index: name, id, version, versionType, fetchSource, storedFields } = request;
    if (name === null) throw validationFailed('index is missing');
    const index = readIndex(this.#store.byName, name);
    if (request.refresh) index.refresh();
    const found = request.realtime ? index.get(id) : index.segment.documentById(id);
    if (found === undefined) return { ...NO_DOCUMENT, index: index.name, id };
    const isWanted = versionType === 'EXTERNAL_GTE' ? found.version >= version : BigInt(found.version) === BigInt(version);
    if (Number(version) !== MATCH_ANY && !isWanted) {
      throw versionConflict(index, id, `current version [${found.version}] is different than the one provided [${version}]`);
    }
    return this.#getResult(index, found, storedFields !== null && fetchSource === null ? NO_SOURCE : fetchSource);
  }

  /** @throws StatusError 400, 404, 409 or 429 */
  index(request: IndexRequest): DocWriteResponse {
    const failures = indexFailures(request);
    if (failures.length > 0) throw validationFailed(...failures);
    return this.indexChecked(request);
  }

  /** Writes a document of a request that has been validated. */
  indexChecked(request: IndexRequest): DocWriteResponse {
    if (request.requireAlias && !isAlias(this.#store.byName, request.index)) throw aliasRequired(request.index);
    if (request.pipeline !== null && request.pipeline !== '_none') throw unsupported('ingest pipelines');
    const index = this.#store.forWrite(request.index);
    const written = this.#put(index, request.id ?? newId(), request, request.source);
    return this.#answer(index, written.id, written.wasThere ? 'UPDATED' : 'CREATED', written, request.refresh);
  }

  /** @throws StatusError 400, 404 or 409 */
  delete(request: DeleteRequest): DocWriteResponse {
    const failures = deleteFailures(request);
    if (failures.length > 0) throw validationFailed(...failures);
    return this.deleteChecked(request);
  }

  /** Deletes the document of a request that has been validated. */
  deleteChecked(request: DeleteRequest): DocWriteResponse {
    const isExternal = request.versionType !== 'INTERNAL';
    const index = isExternal ? this.#store.forWrite(request.index) : writeIndex(this.#store.byName, request.index);
    if (index === undefined) throw indexNotFound(request.index, 'index_expression');
    const written = index.delete(request.id, conditionOf(request, 'DELETE'));
    return this.#answer(index, request.id, written.wasThere ? 'DELETED' : 'NOT_FOUND', written, request.refresh);
  }

  /** @throws StatusError 400, 404, 409, 429; 501 for a script */
  update(request: UpdateRequest): UpdateResponse {
    const failures = updateFailures(request);
    if (failures.length > 0) throw validationFailed(...failures);
    return this.updateChecked(request);
  }

  /** Changes the document of a request that has been validated. */
  updateChecked(request: UpdateRequest): UpdateResponse {
    if (request.script !== null) throw unsupported('scripts in updates');
    if (request.requireAlias && !isAlias(this.#store.byName, request.index)) throw aliasRequired(request.index);
    const index = this.#store.forWrite(request.index);
    const current = index.get(request.id);
    return current === undefined ? this.#upsert(index, request) : this.#change(index, current, request);
  }

  #upsert(index: IndexStore, request: UpdateRequest): UpdateResponse {
    const { id, docAsUpsert, doc, upsert, refresh } = request;
    const given = docAsUpsert ? doc : upsert;
    if (given === null) throw documentMissing(index, id);
    const written = this.#put(index, id, { ...given, ...conditionFrom(request), routing: request.routing, opType: 'CREATE' }, given.source);
    return { ...this.#answer(index, id, 'CREATED', written, refresh), getResult: this.#updated(index, id, request) };
  }

  #change(index: IndexStore, current: StoredDocument, request: UpdateRequest): UpdateResponse {
    const { id, doc, detectNoop, refresh } = request;
    if (doc === null) throw documentMissing(index, id);
    const { formats } = this.#store;
    const [partial, type] = [plainSource(doc.source), doc.contentType ?? JSON_TYPE];
    formats.parse(partial, type);
    const { source, hasChanged } = merge(formats.parseExactly(current.source, current.contentType), formats.parseExactly(partial, type));
    if (!hasChanged && detectNoop) {
      const { version, seqNo } = current;
      const answer = { ...writeHead(index, id), version, seqNo, primaryTerm: PRIMARY_TERM, forcedRefresh: false };
      return {
        ...answer,
        result: 'NOOP',
        shardInfo: { total: 0, successful: 0, failures: [] },
        getResult: this.#updated(index, id, request),
      };
    }
    const write = {
      ...doc,
      ...conditionFrom(request),
      contentType: JSON_TYPE,
      routing: request.routing ?? current.routing,
      opType: 'INDEX' as const,
    };
    const written = this.#put(index, id, write, Buffer.from(renderJson(source), 'utf8'));
    return { ...this.#answer(index, id, 'UPDATED', written, refresh), getResult: this.#updated(index, id, request) };
  }

  #updated(index: IndexStore, id: string, { fetchSource }: UpdateRequest): GetResult | null {
    const found = index.get(id);
    return found === undefined || fetchSource === null || !fetchSource.fetch ? null : this.#getResult(index, found, fetchSource);
  }

  #put(index: IndexStore, id: string, request: WriteParts, given: Uint8Array): Written & { readonly id: string } {
    const contentType = request.contentType ?? JSON_TYPE;
    const plain = plainSource(given);
    const parsed = this.#store.formats.parse(plain, contentType);
    this.#store.admit(plain.length, index.get(id)?.source.length);
    // A copy: received bytes can be a piece of a much larger message.
    const source = Buffer.allocUnsafeSlow(plain.length);
    plain.copy(source);
    const written = index.put({ id, routing: request.routing, source, contentType, parsed }, conditionOf(request, request.opType));
    return { ...written, id };
  }

  #answer(index: IndexStore, id: string, result: WriteResult, { version, seqNo }: Written, refresh: RefreshPolicy): DocWriteResponse {
    if (refresh === 'NONE') this.#store.written(index);
    else index.refresh();
    const shardInfo = { total: 1 + index.replicas, successful: 1, failures: [] };
    const forcedRefresh = refresh === 'IMMEDIATE';
    return { ...writeHead(index, id), shardInfo, version, seqNo, primaryTerm: PRIMARY_TERM, forcedRefresh, result };
  }

  #getResult(index: IndexStore, found: StoredDocument, fetchSource: FetchSourceContext | null): GetResult {
    const { id, version, seqNo, routing } = found;
    return {
      index: index.name,
      id,
      version,
      seqNo,
      primaryTerm: PRIMARY_TERM,
      exists: true,
      source: this.#sourceOf(found, fetchSource),
      documentFields: {},
      metadataFields: routing === null ? {} : { _routing: [toGeneric(routing)] },
    };
  }

  #sourceOf({ source, contentType }: StoredDocument, context: FetchSourceContext | null): Buffer | null {
    if (context === null || wantsAll(context)) return source;
    if (!context.fetch) return null;
    return Buffer.from(renderJson(filterSource(this.#store.formats.parseExactly(source, contentType), context)), 'utf8');
  }
}

const NO_SOURCE: FetchSourceContext = { fetch: false, includes: [], excludes: [] };

const NO_DOCUMENT = {
  seqNo: UNASSIGNED_SEQ_NO,
  primaryTerm: 0,
  version: -1,
  exists: false,
  source: null,
  documentFields: {},
  metadataFields: {},
} as const;

type ConditionParts = Pick<Condition, 'ifSeqNo' | 'ifPrimaryTerm' | 'version' | 'versionType'>;

interface WriteParts extends ConditionParts {
  readonly routing: string | null;
  readonly contentType: string | null;
  readonly opType: OpType;
}

function conditionOf({ version, versionType, ifSeqNo, ifPrimaryTerm }: ConditionParts, opType: OpType): Condition {
  return { version, versionType, ifSeqNo, ifPrimaryTerm, mustCreate: opType === 'CREATE' };
}

function conditionFrom({ ifSeqNo, ifPrimaryTerm }: UpdateRequest): ConditionParts {
  return { ifSeqNo, ifPrimaryTerm, version: MATCH_ANY, versionType: 'INTERNAL' };
}

function writeHead({ name, uuid }: IndexStore, id: string): Pick<DocWriteResponse, 'shardId' | 'id'> {
  return { shardId: { index: name, uuid, shard: 0 }, id };
}
