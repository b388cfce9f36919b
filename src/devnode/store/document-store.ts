import { randomBytes } from 'node:crypto';
import type { CreateIndexRequest, CreateIndexResponse } from '../../protocol/action/indices/create-index.ts';
import type { IndicesOptions } from '../../protocol/codec/indices-options.ts';
import { parseTime } from '../../protocol/action/shared/time-text.ts';
import { toMilliseconds } from '../../protocol/codec/time-value.ts';
import { jsonObject } from '../../protocol/rest/body.ts';
import { UsageError } from '../../protocol/error/transport-error.ts';
import type { IndexFacts } from '../node-facts.ts';
import { indexExists, invalidIndexName, storeFull, unsupported } from './errors.ts';
import { isAlias, resolveIndices, type Target, writeIndex } from './index-names.ts';
import { checkIndexName, indexSettings } from './index-settings.ts';
import { IndexStore } from './index-store.ts';
import { Mapping } from './mapping.ts';
import { SourceFormats } from './source-format.ts';

/** Bounds of a {@link DocumentStore}. */
export interface DocumentStoreOptions {
  /** Most documents in all indices together. @default 200 000 */
  readonly maxDocs?: number | undefined;
  /** Most bytes of documents in all indices together. @default 256 MiB */
  readonly maxBytes?: number | undefined;
  /** Most indices. @default 1000 */
  readonly maxIndices?: number | undefined;
  /** First number of the release whose behaviour the store has: 2 or 3. @default 3 */
  readonly major?: number | undefined;
}

const DEFAULT_MAX_DOCS = 200_000;
const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;
const DEFAULT_MAX_INDICES = 1000;
/** How soon a write becomes visible to searches by itself. @see `index.refresh_interval` of OpenSearch */
const REFRESH_MS = 1000;

/** The indices of a development node, in memory. Nothing survives its end. */
export class DocumentStore {
  readonly formats = new SourceFormats();
  readonly #indices = new Map<string, IndexStore>();
  readonly #timers = new Map<IndexStore, NodeJS.Timeout>();
  readonly #maxDocs: number;
  readonly #maxBytes: number;
  readonly #maxIndices: number;
  readonly #major: number;

  /** @throws ERR_USAGE for a bound that is not an integer above 0 */
  constructor({ maxDocs, maxBytes, maxIndices, major = 3 }: DocumentStoreOptions = {}) {
    this.#major = major;
    this.#maxDocs = bound('maxDocs', maxDocs ?? DEFAULT_MAX_DOCS);
    this.#maxBytes = bound('maxBytes', maxBytes ?? DEFAULT_MAX_BYTES);
    this.#maxIndices = bound('maxIndices', maxIndices ?? DEFAULT_MAX_INDICES);
  }

  /** The indices by name. */
  get byName(): ReadonlyMap<string, IndexStore> {
    return this.#indices;
  }

  /** Returns facts about every index, in the order of their names. */
  indices(): IndexFacts[] {
    return [...this.#indices.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map(factsOf);
  }

  /** Returns the indices that names and patterns mean. @throws StatusError 404 */
  resolve(names: readonly string[], options: IndicesOptions): Target[] {
    return resolveIndices(this.#indices, names, options);
  }

  /** Creates an index. @throws StatusError 400 for one that exists, a bad name, setting or mapping */
  create({
    index: name,
    settings,
    mappings,
    aliases,
  }: Pick<CreateIndexRequest, 'index' | 'settings' | 'mappings' | 'aliases'>): CreateIndexResponse {
    checkIndexName(name);
    const present = this.#indices.get(name);
    if (present !== undefined) throw indexExists(present);
    if (isAlias(this.#indices, name)) throw invalidIndexName(name, 'already exists as alias');
    if (this.#indices.size >= this.#maxIndices)
      throw storeFull(`cannot create index [${name}]: the development node holds ${this.#maxIndices} indices at most; delete some`);
    const clash = aliases.find((alias) => this.#indices.has(alias.name) || alias.name === name);
    if (clash !== undefined) throw invalidAlias(clash.name);
    const checked = indexSettings(settings, this.#major);
    if (typeof checked['index.default_pipeline'] === 'string') throw unsupported('ingest pipelines');
    const mapping = new Mapping(mappings.trim() === '' ? {} : jsonObject(mappings));
    this.#indices.set(name, new IndexStore({ name, settings: checked, mapping, aliases, formats: this.formats, major: this.#major }));
    return { acknowledged: true, shardsAcknowledged: true, index: name };
  }

  /** Deletes indices with all their documents. @throws StatusError 404 for one that does not exist */
  delete(names: readonly string[], options: IndicesOptions): void {
    for (const { index } of this.resolve(names, options)) {
      this.#indices.delete(index.name);
      clearTimeout(this.#timers.get(index));
      this.#timers.delete(index);
    }
  }

  /** Returns the index that a write goes to, and creates it if there is none. @throws StatusError 400 */
  forWrite(name: string): IndexStore {
    const found = writeIndex(this.#indices, name);
    if (found !== undefined) return found;
    this.create({ index: name, settings: {}, mappings: '{}', aliases: [] });
    return this.#indices.get(name) as IndexStore;
  }

  /** Checks that a document fits in. @param replaced length of the document it replaces; undefined for a new one. @throws StatusError 429 */
  admit(length: number, replaced: number | undefined): void {
    let [documents, bytes] = [0, 0];
    for (const index of this.#indices.values()) {
      documents += index.count;
      bytes += index.bytes;
    }
    if (replaced === undefined && documents >= this.#maxDocs) {
      throw storeFull(
        `the development node holds ${this.#maxDocs} documents at most (maxDocs); delete some, or start it with a larger maxDocs`,
      );
    }
    if (bytes + length - (replaced ?? 0) > this.#maxBytes) {
      const what = `the documents would take up more than ${this.#maxBytes} bytes (maxBytes), of which ${bytes} are used`;
      throw storeFull(`${what}; delete some, or use a genuine node: 'ostp node --real'`);
    }
  }

  /** Says that an index was written: a refresh follows within its refresh interval. */
  written(index: IndexStore): void {
    if (!index.isDirty || this.#timers.has(index)) return;
    const interval = refreshInterval(index);
    if (interval < 0) return;
    const timer = setTimeout(() => {
      this.#timers.delete(index);
      index.refresh();
    }, interval);
    this.#timers.set(index, timer.unref());
  }

  /** Ends what runs in the background. */
  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}

/** Returns an id as a node makes one: 20 characters that need no escape in a path. */
export function newId(): string {
  return randomBytes(15).toString('base64url');
}

function bound(name: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw new UsageError('ERR_USAGE', {}, `${name} must be an integer > 0, got ${String(value)}`);
}

function refreshInterval({ settings }: IndexStore): number {
  const text = settings['index.refresh_interval'];
  if (typeof text !== 'string') return REFRESH_MS;
  if (text === '-1') return -1;
  try {
    return Math.min(toMilliseconds(parseTime(text)), 2 ** 31 - 1);
  } catch {
    return REFRESH_MS;
  }
}

function factsOf({ name, uuid, shards, replicas, segment, bytes }: IndexStore): IndexFacts {
  const deletedDocs = segment.end - segment.count;
  return { name, uuid, primaries: shards, replicas, docs: segment.count, deletedDocs, bytes };
}

function invalidAlias(name: string): Error {
  return invalidIndexName(name, 'an index or data stream exists with the same name as the alias');
}
