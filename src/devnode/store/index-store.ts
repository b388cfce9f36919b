import { randomBytes } from 'node:crypto';
import type { Alias } from '../../protocol/action/indices/create-index.ts';
import type { SettingValue } from '../../protocol/codec/settings.ts';
import type { VersionType } from '../../protocol/action/shared/version-type.ts';
import { UNASSIGNED_SEQ_NO } from '../../protocol/action/shared/version-type.ts';
import { type DocumentFields, fieldsOf } from './document-fields.ts';
import { type IndexIdentity, versionConflict } from './errors.ts';
import { Mapping } from './mapping.ts';
import { Segment, type StoredDocument } from './segment.ts';
import type { SourceFormats } from './source-format.ts';

/** The primary term of all documents: the only copy of a shard never changes. */
export const PRIMARY_TERM = 1;

/** How long a deletion is remembered. @see `index.gc_deletes` of OpenSearch */
const TOMBSTONE_MS = 60_000;
/** Most deletions that are remembered. */
const MAX_TOMBSTONES = 100_000;
/** A segment is built anew when it has this many deleted documents, and more of them than others. */
const MIN_REBUILD = 1000;

/** What a write asks of the document that is there. */
export interface Condition {
  readonly version: number | bigint;
  readonly versionType: VersionType;
  readonly ifSeqNo: number | bigint;
  readonly ifPrimaryTerm: number | bigint;
  /** True to fail if there is a document. */
  readonly mustCreate: boolean;
}

/** What became of a write. */
export interface Written {
  readonly version: number | bigint;
  readonly seqNo: number;
  /** True if a document was there before. */
  readonly wasThere: boolean;
}

/** A document to write. */
export interface NewDocument {
  readonly id: string;
  readonly routing: string | null;
  /** @memory given */
  readonly source: Buffer;
  readonly contentType: string;
  readonly parsed: Readonly<Record<string, unknown>>;
}

/** What an {@link IndexStore} is made of. */
export interface IndexInit {
  readonly name: string;
  /** Flat, with `index.` before each name. @default {} */
  readonly settings?: Readonly<Record<string, SettingValue>>;
  /** @default an empty mapping, to which documents add fields */
  readonly mapping?: Mapping;
  /** @default none */
  readonly aliases?: readonly Alias[];
  readonly formats: SourceFormats;
  /** First number of the release whose behaviour the index has: 2 or 3. */
  readonly major: number;
}

interface Tombstone {
  readonly version: number | bigint;
  readonly at: number;
}

interface Change {
  readonly document: StoredDocument;
  readonly fields: DocumentFields;
}

/** One index: its documents as gets see them, and its segment as searches see it. */
export class IndexStore implements IndexIdentity {
  readonly name: string;
  readonly uuid = randomBytes(16).toString('base64url');
  readonly createdAt = Date.now();
  /** Flat, with `index.` before each name. */
  readonly settings: Readonly<Record<string, SettingValue>>;
  readonly mapping: Mapping;
  readonly aliases: ReadonlyMap<string, Alias>;
  /** First number of the release whose behaviour the index has: 2 or 3. */
  readonly major: number;
  /** Reads the sources of its documents. */
  readonly formats: SourceFormats;
  readonly #live = new Map<string, StoredDocument>();
  readonly #tombstones = new Map<string, Tombstone>();
  /** Writes since the last refresh; null for a deletion. */
  readonly #pending = new Map<string, Change | null>();
  #segment: Segment;
  #nextSeqNo = 0;
  #bytes = 0;

  constructor({ name, settings = {}, mapping = new Mapping({}), aliases = [], formats, major }: IndexInit) {
    this.name = name;
    this.settings = settings;
    this.mapping = mapping;
    this.aliases = new Map(aliases.map((alias) => [alias.name, alias]));
    this.formats = formats;
    this.major = major;
    this.#segment = new Segment(mapping);
  }

  /** The number of documents, those included that no refresh has made visible yet. */
  get count(): number {
    return this.#live.size;
  }

  /** The length of all sources, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What searches see. */
  get segment(): Segment {
    return this.#segment;
  }

  /** The sequence number of the last write; −1 before the first. */
  get maxSeqNo(): number {
    return this.#nextSeqNo - 1;
  }

  get isDirty(): boolean {
    return this.#pending.size > 0;
  }

  /** The number of primary shards that the settings ask for. All documents are in one. */
  get shards(): number {
    return Number(this.settings['index.number_of_shards'] ?? 1);
  }

  get replicas(): number {
    return Number(this.settings['index.number_of_replicas'] ?? 1);
  }

  /** Returns a document as it was last written. */
  get(id: string): StoredDocument | undefined {
    return this.#live.get(id);
  }

  /** Writes a document. @throws StatusError 409 for a version conflict, 400 for a value that does not fit its field */
  put(given: NewDocument, condition: Condition): Written {
    const { id, routing, source, contentType, parsed } = given;
    this.#check(id, condition);
    const fields = fieldsOf(this.mapping, id, parsed, () => this.formats.parseExactly(source, contentType));
    const before = this.#live.get(id);
    const document = { id, routing, source, contentType, version: this.#nextVersion(id, condition), seqNo: this.#nextSeqNo++ };
    this.#bytes += source.length - (before?.source.length ?? 0);
    this.#live.set(id, document);
    this.#tombstones.delete(id);
    this.#change(id, { document, fields });
    return { version: document.version, seqNo: document.seqNo, wasThere: before !== undefined };
  }

  /** Deletes a document. A deletion of nothing has a version and a sequence number, too. @throws StatusError 409 */
  delete(id: string, condition: Condition): Written {
    this.#check(id, condition);
    const before = this.#live.get(id);
    const version = this.#nextVersion(id, condition);
    this.#live.delete(id);
    this.#bytes -= before?.source.length ?? 0;
    this.#bury(id, version);
    this.#change(id, null);
    return { version, seqNo: this.#nextSeqNo++, wasThere: before !== undefined };
  }

  /** Makes the writes since the last refresh visible to searches. */
  refresh(): void {
    for (const [id, change] of this.#pending) {
      if (change === null) this.#segment.remove(id);
      else this.#segment.add(change.document, change.fields);
    }
    this.#pending.clear();
    const deleted = this.#segment.end - this.#segment.count;
    if (deleted > MIN_REBUILD && deleted > this.#segment.count) this.#rebuild();
  }

  /** Puts a write behind those of other documents, so that the documents of a segment stand in the order of their last write. */
  #change(id: string, change: Change | null): void {
    this.#pending.delete(id);
    this.#pending.set(id, change);
  }

  #rebuild(): void {
    const old = this.#segment;
    const segment = new Segment(this.mapping);
    for (let at = 0; at < old.end; at++) {
      const document = old.document(at);
      if (document === undefined) continue;
      segment.add(document, fieldsOf(this.mapping, document.id, this.formats.parse(document.source, document.contentType)));
    }
    this.#segment = segment;
  }

  #check(id: string, { version, versionType, ifSeqNo, ifPrimaryTerm, mustCreate }: Condition): void {
    const current = this.#live.get(id);
    if (mustCreate && current !== undefined) {
      throw versionConflict(this, id, `document already exists (current version [${current.version}])`);
    }
    if (ifSeqNo !== UNASSIGNED_SEQ_NO) {
      const wanted = `required seqNo [${ifSeqNo}], primary term [${ifPrimaryTerm}].`;
      if (current === undefined) throw versionConflict(this, id, `${wanted} but no document was found`);
      if (BigInt(current.seqNo) !== BigInt(ifSeqNo) || BigInt(ifPrimaryTerm) !== BigInt(PRIMARY_TERM)) {
        throw versionConflict(this, id, `${wanted} current document has seqNo [${current.seqNo}] and primary term [${PRIMARY_TERM}]`);
      }
    }
    if (versionType === 'INTERNAL') return;
    const known = current?.version ?? this.#tombstone(id)?.version;
    if (known === undefined || known < version || (versionType === 'EXTERNAL_GTE' && known === version)) return;
    const relation = versionType === 'EXTERNAL_GTE' ? 'higher than' : 'higher or equal to';
    throw versionConflict(this, id, `current version [${known}] is ${relation} the one provided [${version}]`);
  }

  #nextVersion(id: string, { version, versionType }: Condition): number | bigint {
    if (versionType !== 'INTERNAL') return version;
    const known = this.#live.get(id)?.version ?? this.#tombstone(id)?.version ?? 0;
    return typeof known === 'bigint' ? known + 1n : known + 1;
  }

  #tombstone(id: string): Tombstone | undefined {
    const found = this.#tombstones.get(id);
    return found !== undefined && Date.now() - found.at < TOMBSTONE_MS ? found : undefined;
  }

  #bury(id: string, version: number | bigint): void {
    const now = Date.now();
    this.#tombstones.delete(id);
    this.#tombstones.set(id, { version, at: now });
    // The oldest come first.
    for (const [old, { at }] of this.#tombstones) {
      if (now - at < TOMBSTONE_MS && this.#tombstones.size <= MAX_TOMBSTONES) break;
      this.#tombstones.delete(old);
    }
  }
}
