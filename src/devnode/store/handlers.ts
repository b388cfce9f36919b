import type { BulkItem } from '../../protocol/action/docs/bulk-item.ts';
import type { BulkItemResponse, BulkResponse } from '../../protocol/action/docs/bulk-response.ts';
import type { BulkRequest } from '../../protocol/action/docs/bulk.ts';
import type { DeleteRequest } from '../../protocol/action/docs/delete-request.ts';
import type { GetRequest, GetResponse } from '../../protocol/action/docs/get.ts';
import type { IndexRequest } from '../../protocol/action/docs/index-request.ts';
import type { UpdateResponse } from '../../protocol/action/docs/update-document.ts';
import type { UpdateRequest } from '../../protocol/action/docs/update-request.ts';
import type { CreateIndexRequest, CreateIndexResponse } from '../../protocol/action/indices/create-index.ts';
import type { DeleteIndexRequest, DeleteIndexResponse } from '../../protocol/action/indices/delete-index.ts';
import type { RefreshRequest, RefreshResponse } from '../../protocol/action/indices/refresh.ts';
import type { DocWriteResponse, OpType } from '../../protocol/action/shared/doc-write.ts';
import { UNASSIGNED_PRIMARY_TERM, UNASSIGNED_SEQ_NO } from '../../protocol/action/shared/version-type.ts';
import { renderJson } from '../../protocol/rest/json.ts';
import { type DocumentStore, newId } from './document-store.ts';
import { Documents } from './documents.ts';
import { validationFailed } from './errors.ts';
import type { IndexStore } from './index-store.ts';
import { nodeException } from './native-errors.ts';
import { deleteFailures, indexFailures, updateFailures } from './validation.ts';

/** Most operations that are done before others get their turn. */
const BATCH = 2000;
const JSON_TYPE = 'application/json';
/** What a document in JSON begins with. */
const OPENING_BRACE = 0x7b;

/**
 * Performs the actions on documents and indices on a store. The same functions serve the actions over transport and over REST.
 *
 * @example server.handle(docs.get, (request) => handlers.get(request));
 */
export class StoreHandlers {
  readonly #store: DocumentStore;
  readonly #documents: Documents;

  constructor(store: DocumentStore) {
    this.#store = store;
    this.#documents = new Documents(store);
  }

  /** Performs `docs.get`. */
  async get(request: GetRequest): Promise<GetResponse> {
    return this.#documents.get(request);
  }

  /** Returns the answer to a get with its source as JSON, as REST shows a document of any content type. */
  asJson(response: GetResponse): GetResponse {
    const { index, id, source } = response;
    const contentType = this.#store.byName.get(index)?.get(id)?.contentType;
    if (source === null || contentType === undefined || contentType === JSON_TYPE || source[0] === OPENING_BRACE) return response;
    return { ...response, source: Buffer.from(renderJson(this.#store.formats.parseExactly(source, contentType)), 'utf8') };
  }

  /** Performs `docs.index`. */
  async index(request: IndexRequest): Promise<DocWriteResponse> {
    await this.#load(request.contentType);
    return this.#documents.index(request);
  }

  /** Performs `docs.delete`. */
  async delete(request: DeleteRequest): Promise<DocWriteResponse> {
    return this.#documents.delete(request);
  }

  /** Performs `docs.update`. */
  async update(request: UpdateRequest): Promise<UpdateResponse> {
    await this.#load(request.doc?.contentType);
    await this.#load(request.upsert?.contentType);
    return this.#documents.update(request);
  }

  /** Performs `docs.bulk`. Operations fail one by one; a request that is not valid fails as a whole. */
  async bulk({ items, refresh }: BulkRequest): Promise<BulkResponse> {
    const started = performance.now();
    const failures = items.length === 0 ? ['no requests added'] : items.flatMap(failuresOf);
    if (failures.length > 0) throw validationFailed(...failures);
    for (const type of new Set(items.map(contentTypeOf))) await this.#load(type);
    const written = new Set<string>();
    const responses: BulkItemResponse[] = [];
    for (const [itemId, item] of items.entries()) {
      // Others get their turn in between: a bulk request can be very large.
      if (itemId > 0 && itemId % BATCH === 0) await new Promise((resolve) => setImmediate(resolve));
      const response = this.#one(itemId, item, refresh === 'IMMEDIATE');
      if (response.response !== null) written.add(response.response.shardId.index);
      responses.push(response);
    }
    if (refresh !== 'NONE') for (const name of written) this.#store.byName.get(name)?.refresh();
    return { items: responses, tookInMillis: Math.round(performance.now() - started), ingestTookInMillis: -1 };
  }

  /** Performs `indices.create`. */
  async create(request: CreateIndexRequest): Promise<CreateIndexResponse> {
    return this.#store.create(request);
  }

  /** Performs `indices.delete`. */
  async deleteIndices({ indices, indicesOptions }: DeleteIndexRequest): Promise<DeleteIndexResponse> {
    if (indices.length === 0) throw validationFailed('index / indices is missing');
    this.#store.delete(indices, indicesOptions);
    return { acknowledged: true };
  }

  /** Performs `indices.refresh`. */
  async refresh({ indices, indicesOptions }: RefreshRequest): Promise<RefreshResponse> {
    const targets = this.#store.resolve(indices, indicesOptions).map(({ index }) => index);
    for (const index of targets) index.refresh();
    const sum = (count: (index: IndexStore) => number): number => targets.reduce((total, index) => total + count(index), 0);
    return {
      totalShards: sum(({ shards, replicas }) => shards * (1 + replicas)),
      successfulShards: sum(({ shards }) => shards),
      failedShards: 0,
      shardFailures: [],
    };
  }

  #one(itemId: number, given: BulkItem, forcedRefresh: boolean): BulkItemResponse {
    // The failure of a document without an id names the id it would have got.
    const item = given.kind === 'index' && given.id === null ? { ...given, id: newId() } : given;
    const opType: OpType = item.kind === 'index' ? item.opType : item.kind === 'update' ? 'UPDATE' : 'DELETE';
    try {
      const answer = this.#performed(item);
      const response = { ...answer, forcedRefresh: forcedRefresh && answer.result !== 'NOOP' };
      return {
        itemId,
        opType,
        responseType: item.kind === 'index' ? 'INDEX' : item.kind === 'update' ? 'UPDATE' : 'DELETE',
        response,
        failure: null,
      };
    } catch (error) {
      const cause = nodeException(error);
      const failure = {
        index: item.index,
        id: item.id,
        cause,
        seqNo: UNASSIGNED_SEQ_NO,
        term: UNASSIGNED_PRIMARY_TERM,
        aborted: false,
        source: 'UNKNOWN' as const,
      };
      return { itemId, opType, responseType: 'NONE', response: null, failure };
    }
  }

  #performed(item: BulkItem): DocWriteResponse {
    if (item.kind === 'index') return this.#documents.indexChecked({ ...item, refresh: 'NONE' });
    if (item.kind === 'update') return this.#documents.updateChecked({ ...item, refresh: 'NONE' });
    return this.#documents.deleteChecked({ ...item, refresh: 'NONE' });
  }

  async #load(contentType: string | null | undefined): Promise<void> {
    if (typeof contentType === 'string' && !this.#store.formats.isReady(contentType)) await this.#store.formats.load(contentType);
  }
}

function failuresOf(item: BulkItem): string[] {
  if (item.kind === 'index') return indexFailures(item);
  return item.kind === 'update' ? updateFailures(item) : deleteFailures(item);
}

function contentTypeOf(item: BulkItem): string | null | undefined {
  if (item.kind === 'index') return item.contentType;
  return item.kind === 'update' ? item.doc?.contentType : undefined;
}
